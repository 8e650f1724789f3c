/**
 * A naive model of the rules in another style than the ledger: plain lists of what happened, and every number counted
 * again from them each time. Money is BigInt in units of 10⁻¹² yuan. Zone: Shanghai, a constant +08:00.
 */
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';

const UNIT = 10n ** 12n;
const FEN = UNIT / 100n;
const DAY = 86_400_000;
const ZONE = 8 * 3_600_000;

export const money = (text: string): bigint => {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const value = BigInt(whole) * UNIT + BigInt(part.padEnd(12, '0'));
  return sign === '-' ? -value : value;
};
export const fen = (value: bigint): bigint =>
  (value < 0n ? -((-value + FEN / 2n) / FEN) : (value + FEN / 2n) / FEN) * FEN;
export const text = (value: bigint): string => {
  const cents = (value < 0n ? -value : value) / FEN;
  return `${value < 0n ? '-' : ''}${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
};
const local = (at: number): string => new Date(at + ZONE).toISOString();
export const monthOf = (at: number): string => local(at).slice(0, 7);
export const monthStart = (month: string): number => Date.parse(`${month}-01T00:00:00Z`) - ZONE;
export const after = (month: string): string => local(monthStart(month) + 40 * DAY).slice(0, 7);
const yearLater = (at: number): number => {
  const day = local(at);
  const year = Number(day.slice(0, 4)) + 1;
  const rest = day.slice(4, 10) === '-02-29' ? '-02-28' : day.slice(4, 10);
  return Date.parse(`${year}${rest}${day.slice(10)}`) - ZONE;
};

export interface Rec {
  source: string;
  id: string;
  interface: string;
  time: number;
  calls: number;
  submitted: number | null;
}
/** One call after the other, each with who paid for it: `free`, a pack's number, `post`, or `none`. */
interface Kept extends Rec {
  month: string;
  pool: string | null;
  meter: string | null;
  product: string;
}
interface Paid {
  month: string;
  pool: string;
  meter: string;
  product: string;
  payer: 'free' | 'post' | number;
}
interface Pack {
  number: number;
  pool: string;
  size: number;
  price: bigint;
  at: number;
  until: number;
  covers: string[];
  void: boolean;
  voidLost: number;
}
interface Closed {
  month: string;
  bill: OracleBill;
}
export interface OracleBill {
  lines: {
    meter: string;
    metered: number;
    free: number;
    packs: number;
    postPaid: number;
    voucher: string;
    amount: string;
  }[];
  corrections: { month: string; meter: string; calls: number; amount: string }[];
  due: string;
  packsTotal: string;
  total: string;
  unfrozen: string;
  frozen: string;
}

export class Oracle {
  books: PriceBook[] = [];
  opened = 0;
  activated = new Map<string, number>();
  records: Kept[] = [];
  counts = new Map<string, number>();
  paid: Paid[] = [];
  packs: Pack[] = [];
  moves: bigint[] = [];
  frozen = 0n;
  contracts: { meter: string; from: string; until: string | null; ladder: Ladder }[] = [];
  closed: Closed[] = [];
  billed: { month: string; meter: string; calls: number; amount: bigint }[] = [];
  suspended: { why: string; from: number; to: number }[] = [];
  pending: bigint | null = null;
  arrearsDue: number | null = null;
  references = new Map<string, string>();

  total = (): bigint => this.moves.reduce((a, b) => a + b, 0n);
  available = (): bigint => this.total() - this.frozen;
  book(product: string, month: string): PriceBook | undefined {
    let found: PriceBook | undefined;
    for (const b of this.books) {
      if (
        b.product === product &&
        b.effectiveFrom <= month &&
        (!found || b.effectiveFrom >= found.effectiveFrom)
      )
        found = b;
    }
    return found;
  }
  isClosed = (month: string): boolean => this.closed.some((c) => c.month === month);
  isSuspended = (why: string): boolean => this.suspended.some((s) => s.why === why && s.to === Infinity);
  left = (p: Pack): number => (p.void ? 0 : p.size - this.paid.filter((c) => c.payer === p.number).length);

  /** What time brings by itself before `now`: arrears that outlast their grace. */
  pass(now: number): void {
    if (this.arrearsDue !== null && this.arrearsDue <= now) {
      if (this.total() < 0n && !this.isSuspended('arrears')) {
        this.suspended.push({ why: 'arrears', from: this.arrearsDue, to: Infinity });
      }
      this.arrearsDue = null;
    }
  }

  usage(at: number, r: Rec): string {
    this.pass(at);
    const earlier = this.records.find((k) => k.source === r.source && k.id === r.id);
    if (earlier) {
      const same =
        earlier.interface === r.interface && earlier.time === r.time && earlier.submitted === r.submitted;
      return same && earlier.calls === r.calls ? 'duplicate' : 'conflict';
    }
    const month = monthOf(r.time);
    const product = r.interface.split('/')[0] ?? '';
    const face = this.book(product, month)?.interfaces.find((i) => i.id === r.interface);
    if (!face) return 'interface_unknown';
    const since = this.activated.get(product);
    if (since === undefined || r.time < since) return 'not_activated';
    if ((face.counts === 'recognised') !== (r.submitted !== null)) return 'invalid_record';
    if (r.time > at + 300_000) return 'in_the_future';
    if (this.suspended.some((s) => s.from <= r.time && r.time < s.to)) return 'suspended';
    const kept: Kept = { ...r, month, product, pool: face.pool, meter: face.meter };
    this.records.push(kept);
    this.counts.set(`${r.source} ${r.id}`, r.calls);
    for (let i = 0; i < r.calls; i++) this.pay(kept);
    return 'accepted';
  }

  /** One call finds its payer. */
  pay({ month, pool, meter, product, time, interface: id }: Kept): void {
    if (meter === null) return;
    const place = { month, pool: pool ?? `-${meter}`, meter, product };
    const used = this.paid.filter(
      (c) => c.month === month && c.pool === place.pool && c.payer === 'free',
    ).length;
    if (pool !== null && used < this.grant(product, month)) {
      this.paid.push({ ...place, payer: 'free' });
      return;
    }
    const pack = this.isClosed(month)
      ? undefined
      : [...this.packs]
          .sort((a, b) => a.until - b.until || a.at - b.at || a.size - b.size || a.number - b.number)
          .find((p) => p.covers.includes(id) && p.at <= time && time < p.until && this.left(p) > 0);
    this.paid.push({ ...place, payer: pack ? pack.number : 'post' });
  }

  grant(product: string, month: string): number {
    const book = this.book(product, month);
    const first = monthOf(this.activated.get(product) ?? 0);
    if (!book || (month === first && !book.allowance.inFirstMonth)) return 0;
    return book.allowance.calls;
  }

  correct(source: string, id: string, calls: number): string {
    const kept = this.records.find((k) => k.source === source && k.id === id);
    const key = `${source} ${id}`;
    const before = this.counts.get(key);
    if (!kept || before === undefined) return 'record_unknown';
    if (kept.submitted !== null && calls > kept.submitted) return 'invalid_request';
    this.counts.set(key, calls);
    for (let i = before; i < calls; i++) this.pay(kept);
    for (let i = calls; i < before && kept.meter !== null; i++)
      this.unpay(kept.month, kept.pool ?? `-${kept.meter}`);
    return 'ok';
  }

  unpay(month: string, pool: string): void {
    const here = (c: Paid) => c.month === month && c.pool === pool;
    let at = this.paid.findLastIndex((c) => here(c) && c.payer === 'post');
    if (at < 0) at = this.paid.findLastIndex((c) => here(c) && typeof c.payer === 'number');
    if (at < 0) at = this.paid.findLastIndex((c) => here(c) && c.payer === 'free');
    this.paid.splice(at, 1);
  }

  buy(at: number, pool: string, size: number, quantity: number): string {
    const product = pool.split('/')[0] ?? '';
    if (!this.books.some((b) => b.pools.some((p) => p.id === pool))) return 'pool_unknown';
    const book = this.book(product, monthOf(at));
    const price = book?.pools.find((p) => p.id === pool)?.packs.find((p) => p.size === size)?.price;
    if (!book || price === undefined) return 'pack_not_sold';
    if (!this.activated.has(product)) return 'not_activated';
    if (this.available() < money(price) * BigInt(quantity)) return 'insufficient_funds';
    const covers = book.interfaces.filter((i) => i.pool === pool).map((i) => i.id);
    for (let i = 0; i < quantity; i++) {
      const number = this.packs.length + 1;
      this.packs.push({
        number,
        pool,
        size,
        price: money(price),
        at,
        until: yearLater(at),
        covers,
        void: false,
        voidLost: 0,
      });
      this.moves.push(-money(price));
    }
    return 'ok';
  }

  payIn(at: number, kind: string, amount: string, reference: string, packNumber?: number): string {
    const used = this.references.get(`${kind} ${reference}`);
    if (used !== undefined) return money(used) === money(amount) ? 'ok' : 'reference_used';
    if (packNumber !== undefined) {
      const pack = this.packs[packNumber - 1];
      if (!pack) return 'pack_unknown';
      if (pack.void || this.left(pack) === 0 || at >= pack.until) return 'pack_not_usable';
      pack.void = true;
    }
    this.references.set(`${kind} ${reference}`, amount);
    this.moves.push(money(amount));
    if (this.total() >= 0n) {
      this.arrearsDue = null;
      this.lift('arrears', at);
    }
    if (this.pending !== null && this.available() >= this.pending) {
      this.frozen += this.pending;
      this.pending = null;
      this.lift('freeze_failed', at);
    }
    return 'ok';
  }

  lift(why: string, at: number): void {
    for (const s of this.suspended) if (s.why === why && s.to === Infinity) s.to = at;
  }

  /** The exact cost of calls (from, to] along a graduated ladder; null where a call has no price. */
  along(ladder: Ladder, from: number, to: number): bigint | null {
    let cost = 0n;
    for (let call = from + 1; call <= to; call++) {
      const tier = ladder.tiers.find((t) => t.above < call && (t.upTo === null || call <= t.upTo));
      if (!tier) continue;
      if (tier.unitPrice === null) return null;
      cost += money(tier.unitPrice);
    }
    return cost / BigInt(ladder.per);
  }

  cost(ladder: Ladder, free: number, packs: number, post: number): { post: bigint; free: bigint } | null {
    const q =
      ladder.tierBy === 'post_paid' ? post : ladder.tierBy === 'metered' ? free + packs + post : post + free;
    if (ladder.mode === 'graduated') {
      const own = this.along(ladder, q - post, q);
      return own === null ? null : { post: own, free: this.along(ladder, 0, free) ?? 0n };
    }
    const tier = ladder.tiers.find((t) =>
      ladder.bounds === 'upper'
        ? t.above < q && q <= (t.upTo ?? Infinity)
        : t.above <= q && q < (t.upTo ?? Infinity),
    );
    if (!tier) return { post: 0n, free: 0n };
    if (tier.unitPrice === null) return post > 0 ? null : { post: 0n, free: 0n };
    const each = money(tier.unitPrice);
    return {
      post: (each * BigInt(post)) / BigInt(ladder.per),
      free: (each * BigInt(free)) / BigInt(ladder.per),
    };
  }

  /** A month's meters as they cost now; null amounts where there is no price. */
  rate(month: string) {
    const meters = [...new Set(this.paid.filter((c) => c.month === month).map((c) => c.meter))].sort();
    return meters.map((id) => {
      const calls = this.paid.filter((c) => c.month === month && c.meter === id);
      const product = calls[0]?.product ?? '';
      const free = calls.filter((c) => c.payer === 'free').length;
      const post = calls.filter((c) => c.payer === 'post').length;
      const packs = calls.length - free - post;
      const book = this.book(product, month) as PriceBook;
      const meter = book.meters.find((m) => m.id === id) as PriceBook['meters'][number];
      const line = { meter: id, product, book, metered: calls.length, free, packs, post };
      if (meter.freeUntil !== undefined && month < meter.freeUntil)
        return { ...line, cost: { post: 0n, free: 0n }, list: 0n };
      const contract = this.contracts.findLast(
        (c) => c.meter === id && c.from <= month && (c.until === null || month < c.until),
      );
      const cost = this.cost(contract?.ladder ?? meter.ladder, free, packs, post);
      const list = this.cost(meter.ladder, free, packs, post);
      return { ...line, cost, list: list?.post ?? cost?.post ?? 0n };
    });
  }

  close(at: number, month: string): string {
    this.pass(at);
    if (this.isClosed(month)) return 'ok';
    if (at < monthStart(after(month))) return 'month_not_over';
    const last = this.closed.at(-1)?.month;
    if (month !== (last ? after(last) : monthOf(this.opened))) return 'month_out_of_order';
    const lines = this.rate(month);
    const corrections: { month: string; meter: string; calls: number; amount: bigint }[] = [];
    let unpriced = lines.some((l) => l.cost === null);
    for (const { month: past } of this.closed) {
      const now = this.rate(past);
      unpriced ||= now.some((l) => l.cost === null);
      const meters = new Set([
        ...now.map((l) => l.meter),
        ...this.billed.filter((b) => b.month === past).map((b) => b.meter),
      ]);
      for (const meter of [...meters].sort()) {
        const line = now.find((l) => l.meter === meter);
        const before = this.billed.filter((b) => b.month === past && b.meter === meter);
        const calls = (line?.metered ?? 0) - before.reduce((n, b) => n + b.calls, 0);
        const amount = fen(line?.cost?.post ?? 0n) - before.reduce((n, b) => n + b.amount, 0n);
        if (calls !== 0 || amount !== 0n) corrections.push({ month: past, meter, calls, amount });
      }
    }
    if (unpriced) return 'price_not_agreed';
    const bought = this.packs.filter((p) => monthOf(p.at) === month).reduce((n, p) => n + p.price, 0n);
    const amounts = lines.reduce((n, l) => n + fen(l.cost?.post ?? 0n), 0n);
    const due = amounts + corrections.reduce((n, c) => n + c.amount, 0n);
    let toFreeze = 0n;
    let suspends = false;
    for (const product of new Set(lines.map((l) => l.product))) {
      const own = lines.filter((l) => l.product === product);
      const policy = own[0]?.book.freeze;
      if (!policy) continue;
      const basis = own.reduce((n, l) => n + (policy.of === 'bill' ? fen(l.cost?.post ?? 0n) : l.list), 0n);
      const amount = fen((basis * money(policy.rate)) / UNIT);
      toFreeze += amount;
      if (amount > 0n && policy.onFailure === 'suspend') suspends = true;
    }
    const bill: OracleBill = {
      lines: lines.map((l) => ({
        meter: l.meter,
        metered: l.metered,
        free: l.free,
        packs: l.packs,
        postPaid: l.post,
        voucher: text(l.book.allowance.grant === 'voucher' ? fen(l.cost?.free ?? 0n) : 0n),
        amount: text(fen(l.cost?.post ?? 0n)),
      })),
      corrections: corrections.map((c) => ({ ...c, amount: text(c.amount) })),
      due: text(due),
      packsTotal: text(bought),
      total: text(due + bought),
      unfrozen: text(this.frozen),
      frozen: text(toFreeze),
    };
    this.closed.push({ month, bill });
    for (const l of lines)
      this.billed.push({ month, meter: l.meter, calls: l.metered, amount: fen(l.cost?.post ?? 0n) });
    this.billed.push(...corrections);
    this.frozen = 0n;
    this.pending = null;
    this.lift('freeze_failed', at);
    this.moves.push(-due);
    if (this.total() >= 0n) {
      this.lift('arrears', at);
      this.arrearsDue = null;
    } else if (!this.isSuspended('arrears') && this.arrearsDue === null) {
      const grace = Math.max(
        0,
        ...[...this.activated.keys()].map((p) => this.book(p, month)?.arrears.graceDays ?? 0),
      );
      if (grace === 0) this.suspended.push({ why: 'arrears', from: at, to: Infinity });
      else this.arrearsDue = at + grace * DAY;
    }
    if (toFreeze > 0n) {
      if (this.available() >= toFreeze) this.frozen = toFreeze;
      else {
        this.pending = toFreeze;
        if (suspends) this.suspended.push({ why: 'freeze_failed', from: at, to: Infinity });
      }
    }
    return 'ok';
  }
}
