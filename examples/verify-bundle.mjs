/**
 * A second verifier of audit bundles, written from docs/audit-bundle.md alone: no code of the project, nothing but Node.
 *
 *   node examples/verify-bundle.mjs FILE [--key KEYTEXT_OR_FILE] [--json]     exit 0 verified, 1 not, 2 wrong use
 */
import { createHash, createPublicKey, hash, verify as signed } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const PARTS = [
  'about',
  'holder',
  'ledger',
  'bill',
  'edition',
  'event',
  'link',
  'keys',
  'checkpoint',
  'manifest',
];
const MANY = ['edition', 'event', 'link'];
const MEMBERS = {
  about: 'account catalogue doesNotProve format from ledger month part previous proves stream to zone',
  holder: 'name part',
  ledger: 'data header part',
  bill: 'bill part',
  edition: 'data hash header part revision',
  event: 'data hash header part revision',
  link: 'hash header part payload revision stream',
  keys: 'keys part',
  checkpoint: 'leaves note part',
  manifest: 'envelope part',
};
// --- bounds: what is kept of a file does not grow beyond them, whatever the file is
const MI = 1 << 20;
const LINE_MAX = 4 * MI;
const RECORD_LINE_MAX = MI;
const EVENT_RECORDS = { count: 100_000, size: 16 * MI };
const RECORDS_MAX = 10_000_000;
const EDITIONS = { count: 10_000, size: 64 * MI };
const FACTS_SIZE = 64 * MI;
const TALLIES_MAX = 250_000;
const STEPS_MAX = 100_000_000;
const KEYS_MAX = 1_000;
const JSON_MAX = { depth: 64, values: 250_000 };
const FAILURES_MAX = 50;
const NOT_CHECKED = [
  'who pays: that free calls and packs, their order and validity, were applied as the rules say',
  'that no record is twice in the file or was metered in an earlier month',
  'whether commands were allowed; balances, suspensions, notices, disputes, credits, why corrections were made',
  'names, formulas and other texts of the bill, which are as the sealed bill has them',
];

// --- bytes, JSON, seals
const sha = (...pieces) => hash('sha256', Buffer.concat(pieces.map((piece) => Buffer.from(piece))));
const node = (...pieces) => createHash('sha256').update(Buffer.concat(pieces)).digest();
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isHash = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const need = (ok, what) => {
  if (!ok) throw new Error(what);
};
/** The bundle has more of something than one may have: the rest is not read. */
class TooLarge extends Error {}
const within = (what, count, most) => {
  if (count > most) throw new TooLarge(`more than ${most} ${what}`);
};
/** JSON whose depth and number of values are looked at before it is read. */
const parse = (text) => {
  let [depth, values] = [0, 1];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') for (i += 1; i < text.length && text[i] !== '"'; i++) i += text[i] === '\\' ? 1 : 0;
    else if (c === ',' || c === ':') values += 1;
    else if (c === '[' || c === '{') [depth, values] = [depth + 1, values + 1];
    else if (c === ']' || c === '}') depth -= 1;
    within('levels', depth, JSON_MAX.depth);
    within('values', values, JSON_MAX.values);
  }
  return JSON.parse(text);
};
const bytes64 = (text) => {
  const bytes = Buffer.from(`${text}`, 'base64');
  need(bytes.toString('base64') === text, 'base64 spelled otherwise');
  return bytes;
};
/** RFC 8785: members in the order of UTF-16 code units, numbers and strings as ECMAScript writes them. */
export const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  need(typeof value !== 'number' || Number.isFinite(value), 'a number out of range');
  need(typeof value !== 'string' || value.isWellFormed(), 'a lone surrogate');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${canonical(key)}:${canonical(value[key])}`).join(',')}}`;
};
/** The Merkle tree of record lines, built as they come: at most fifteen children wait at a level. */
export const recordTree = () => {
  const levels = [[]];
  const add = (digest, level) => {
    levels[level] ??= [];
    if (levels[level].push(digest) === 16) close(level);
  };
  const close = (level) => add(sha('\x01', levels[level].splice(0).join('')), level + 1);
  const root = () => {
    if (levels.length === 1 && levels[0].length === 0) return sha('');
    for (let level = 0; level === 0 || level < levels.length - 1 || levels[level].length > 1; level++)
      if (levels[level].length > 0) close(level);
    return levels.at(-1)[0];
  };
  return { add: (line) => add(sha('\0', line), 0), root };
};
export const sealOf = (previous, stream, revision, header, payload) => {
  const h = sha(['suanpan.id.1', previous, stream, revision, header, payload].join('\n'));
  const v = '89ab'[Number.parseInt(h[16], 16) % 4];
  const id = `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-${v}${h.slice(17, 20)}-${h.slice(20, 32)}`;
  return sha(['suanpan.seal.1', previous, stream, revision, id, header, payload].join('\n'));
};

// --- keys, notes, proofs
const parseKey = (text) => {
  const [, name, id, rest] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  need(name, 'no verifier key');
  const bytes = bytes64(rest);
  need(bytes.length === 33 && bytes[0] === 1, 'no Ed25519 key');
  need(sha(`${name}\n`, bytes).startsWith(id), 'the id of a key is not its hash');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') };
  return { text, name, id, key: createPublicKey({ key: jwk, format: 'jwk' }) };
};
/** The text of a note that has exactly one signature, by this key. */
const openNote = (note, { name, id, key }) => {
  const end = note.lastIndexOf('\n\n') + 1;
  const [, signer, signature] = /^— (\S+) (\S+)\n$/.exec(note.slice(end + 1)) ?? [];
  need(end > 0 && signer === name, `no note with one signature by ${name}`);
  const bytes = bytes64(signature);
  need(bytes.length === 68 && bytes.toString('hex', 0, 4) === id, 'the signature of another key');
  need(signed(null, Buffer.from(note.slice(0, end)), key, bytes.subarray(4)), 'the signature does not fit');
  return note.slice(0, end);
};
/** RFC 6962: where a leaf and its path lead. */
const rootOf = (leaf, index, size, path) => {
  need(isCount(index) && index < size && path.every(isHash), 'no place in the tree');
  let [i, last, root] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const side of path.map((text) => Buffer.from(text, 'hex'))) {
    need(last > 0n, 'a path too long');
    const right = i % 2n === 1n || i === last;
    root = right ? node(Buffer.of(1), side, root) : node(Buffer.of(1), root, side);
    while (right && i % 2n === 0n && i > 0n) [i, last] = [i >> 1n, last >> 1n];
    [i, last] = [i >> 1n, last >> 1n];
  }
  need(last === 0n, 'a path too short');
  return root.toString('hex');
};

// --- money: integers of 10^-20 yuan, and of 0.01 yuan
const CENT = 10n ** 18n;
const money = (text) => {
  const [, minus, whole, part = ''] = /^(-?)(\d{1,30})(?:\.(\d{1,20}))?$/.exec(text) ?? [];
  need(whole, `no amount: ${text}`);
  return BigInt(minus + whole + part.padEnd(20, '0'));
};
const sum = (list, of) => list.reduce((total, item) => total + money(of(item)), 0n);
/** Without zeros at the end of a fraction. */
const plain = (text) => (`${text}`.includes('.') ? text.replace(/\.?0+$/, '') : text);
/** A cost × `per` as text: all digits where they end (of 29 twos in a `per` and a discount), else 20 places, half up. */
const shown = (cost, per) => {
  const unit = per * CENT * 100n;
  const places = (cost * 10n ** 70n) % unit === 0n ? 70 : 20;
  const digits = String((cost * 2n * 10n ** BigInt(places) + unit) / (unit * 2n)).padStart(places + 1, '0');
  return plain(`${digits.slice(0, -places)}.${digits.slice(-places)}`);
};
/** A discount as a fraction: its digits, over a power of ten. */
const factorOf = (discount) => {
  const [, whole, part = ''] = /^(\d)(?:\.(\d{1,15}))?$/.exec(discount) ?? [];
  const [times, over] = [BigInt(`${whole ?? 0}${part}`), 10n ** BigInt(part.length)];
  need(times > 0n && times <= over, `a discount of ${discount}`);
  return { times, over };
};
const divisor = (a, b) => (b === 0n ? a : divisor(b, a % b));
/** Costs of any `per`, over one of them all. */
const together = (costs) =>
  costs.reduce(
    (all, { exact, per }) => {
      const by = per / divisor(all.per, per);
      return { exact: all.exact * by + exact * ((all.per * by) / per), per: all.per * by };
    },
    { exact: 0n, per: 1n },
  );
/** As text, half up to 0.01. */
const yuan = (value, per = 1n) => {
  const unit = CENT * per;
  const text = String(((value < 0n ? -value : value) * 2n + unit) / (unit * 2n)).padStart(3, '0');
  return `${value < 0n && /[1-9]/.test(text) ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
};

// --- step 8: what can be said without the rules
const NONE = { free: 0, packs: 0, postPaid: 0, waived: 0 };
const MEASURES_MAX = 16;
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const placeKey = ({ month, product, meter, pool, shared, day }) =>
  canonical([month, product, meter, pool, shared ?? false, day ?? null]);
const unitsOf = ({ free, postPaid, waived = 0, runs }) =>
  runs.reduce((total, [, units]) => total + units, free + postPaid + waived);
/** Units by month, product, meter, pool and day, and in them by pack and by the points that each took. */
const tally = () => {
  const byMonth = new Map();
  let size = 0;
  const add = (place, counted) => {
    const { month, product, meter } = place;
    const { free, postPaid, waived = 0, runs, freeRuns = [[free, 1]], points = unitsOf(counted) } = counted;
    const groups = byMonth.get(month) ?? new Map();
    byMonth.set(month, groups);
    const key = placeKey(place);
    const g = groups.get(key) ?? { ...NONE, product, meter, runs: new Map() };
    groups.set(key, g);
    const count = (what, pack, weight, units) => {
      need(typeof pack === 'string' && [weight, units].every(Number.isSafeInteger), 'counts');
      if (what !== 'points') g[what] += units;
      const own = what === 'packs' || weight !== 1 ? canonical([what, pack, weight]) : what;
      if (!g.runs.has(own)) size += 1;
      within('counts by month, pool and pack', size, TALLIES_MAX);
      g.runs.set(own, (g.runs.get(own) ?? 0) + units);
    };
    const ofFree = freeRuns.reduce((total, [units]) => total + units, 0);
    need(ofFree === free, 'free units by weight that are not the free units');
    for (const [units, weight] of freeRuns) count('free', '', weight, units);
    for (const [pack, units, weight = 1] of runs) count('packs', pack, weight, units);
    count('postPaid', '', 1, postPaid);
    count('waived', '', 1, waived);
    count('points', '', 1, points);
  };
  const rows = () =>
    [...byMonth.values()].flatMap((groups) =>
      [...groups].flatMap(([key, g]) =>
        [...g.runs].filter(([, n]) => n !== 0).map((run) => canonical([key, run])),
      ),
    );
  const ofMonth = (month) => {
    const meters = new Map();
    for (const g of byMonth.get(month)?.values() ?? []) {
      const m = meters.get(g.meter) ?? { product: g.product, ...NONE };
      for (const what of Object.keys(NONE)) m[what] += g[what];
      meters.set(g.meter, m);
    }
    return meters;
  };
  const addMonths = (months) => {
    for (const [month, { groups: inIt }] of Object.entries(months))
      for (const group of Object.values(inIt)) add({ ...group, month }, group);
  };
  return { add, addMonths, ofMonth, text: () => rows().sort().join('\n') };
};
const allOf = ({ free, packs, postPaid, waived }) => free + packs + postPaid + waived;

/** How an interface charges: its classes, and for each measure (null: its only count) where a class leads. */
const chargingOf = (one, pools) => {
  const part = (measure, unit, { pool = null, meter = null, weight = 1 } = {}) => {
    const of = pool === null ? null : pools.get(pool);
    need(of !== undefined && isCount(weight), `no pool ${pool}`);
    const shared = of !== null && of.meter === undefined;
    return { measure, unit, pool, meter, weight, shared, daily: of?.allowance?.every === 'day' };
  };
  if (!one.measures)
    return {
      measures: null,
      totals: [],
      classes: [{ id: null, parts: [part(null, one.unit, one)], cost: 1 }],
    };
  within('measures of an interface', one.measures.length, MEASURES_MAX);
  const classes = one.charges.map(({ id, when = {}, to }) => ({
    id,
    when,
    parts: one.measures.map((m) => part(m.id, m.unit, Object.hasOwn(to, m.id) ? to[m.id] : {})),
    cost: 1 + (when.quantities?.length ?? 0) + Object.values(when.attributes ?? {}).flat().length,
  }));
  return { measures: one.measures.map(({ id }) => id), totals: one.totals ?? [], classes };
};
const member = (of, name) => (Object.hasOwn(of ?? {}, name) ? of[name] : undefined);
const pairs = (list) => list.flatMap((one, i) => (i % 2 === 0 ? [[one, list[i + 1]]] : []));

/** Items by a key. */
const grouped = (items, keyOf) => {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (groups.has(key)) groups.get(key).push(item);
    else groups.set(key, [item]);
  }
  return (key) => groups.get(key) ?? [];
};

const bookkeeping = (about, differs, left) => {
  const [books, contracts, sold, all, off] = [new Map(), new Map(), new Map(), tally(), new Map()];
  const [bought, returned] = [[], []];
  let [months, startedAt, frozen, steps] = [{}, 0, 0n, 0];
  const zone = { timeZone: about.zone, year: 'numeric', month: '2-digit', day: '2-digit' };
  const format = new Intl.DateTimeFormat('en-CA', zone);
  const kept = new Map();
  const remembered = (key, make) => {
    if (kept.size > 50_000) kept.clear();
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key);
  };
  const dayOf = (at) => remembered(Math.floor(at / 900_000), () => format.format(at));
  const hours = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: about.zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const timeOf = (at) => remembered(`minute ${Math.floor(at / 60_000)}`, () => hours.format(at));
  /** Whether from ≤ t < to; past midnight, if `to` is not after `from`, and then of the day on which it began. */
  const isDuring = ({ days, from, to }, at) => {
    const time = timeOf(at);
    const isPast = to <= from;
    if (!(isPast ? time >= from || time < to : from <= time && time < to)) return false;
    const today = new Date(dayOf(at)).getUTCDay() + 6; // Monday is 0, of seven
    return !days || days.includes(WEEKDAYS[(isPast && time < to ? today - 1 : today) % 7]);
  };
  /** The first class whose condition holds. */
  const classOf = ({ totals, classes }, { quantities, attributes, at }) => {
    const quantityOf = (id) =>
      (totals.find((total) => total.id === id)?.of ?? [id]).reduce(
        (total, measure) => total + (member(quantities, measure) ?? 0),
        0,
      );
    const found = classes.find(({ when = {}, cost }) => {
      steps += cost;
      within('steps through tiers, contracts and classes', steps, STEPS_MAX);
      const isIn = ({ of, above, upTo }) =>
        above < quantityOf(of) && (upTo === null || quantityOf(of) <= upTo);
      const has = ([name, values]) => values.includes(member(attributes, name) ?? null);
      return (
        (when.quantities ?? []).every(isIn) &&
        (!when.time || isDuring(when.time, at)) &&
        Object.entries(when.attributes ?? {}).every(has)
      );
    });
    need(found, 'a record of no class');
    return found;
  };
  /** Of the editions in effect for the month the one with the latest effectiveFrom, of two the later published. */
  const inForce = (product, month) =>
    remembered(`in force ${month} ${product}`, () =>
      (books.get(product)?.editions ?? [])
        .filter(({ book }) => book.effectiveFrom <= month)
        .reduce((a, b) => (a?.book.effectiveFrom > b.book.effectiveFrom ? a : b), undefined),
    );
  const published = new Set();
  const publish = (digest, book, at) => {
    const of = books.get(book.product) ?? { editions: [], named: new Map(), last: 0 };
    books.set(book.product, of);
    const pools = new Map(book.pools.map((pool) => [pool.id, pool]));
    const interfaces = new Map(book.interfaces.map((one) => [one.id, chargingOf(one, pools)]));
    const units = new Map();
    for (const { classes } of interfaces.values())
      for (const { meter, unit } of classes.flatMap(({ parts }) => parts))
        if (meter !== null && unit && !units.has(meter)) units.set(meter, unit);
    const edition = { digest, book, interfaces, units };
    of.editions.push(edition);
    of.named.set(book.edition, edition);
    published.add(canonical([book.product, book.edition, digest]));
    of.last = Math.max(of.last, at);
    kept.clear();
  };
  /** How an interface charges in a month; null where an edition came out after the first event, so that it is not sure. */
  const chargeOf = (name, month) =>
    remembered(`${month} ${name}`, () => {
      // An interface is named product/name.
      const product = name.slice(0, Math.max(0, name.indexOf('/')));
      const found = inForce(product, month)?.interfaces.get(name);
      if (found && books.get(product).last <= startedAt) return { product, ...found };
      left('records of interfaces whose price book came out meanwhile, or is not in the file');
      return null;
    });
  /** Where the units of a part are counted; null where they are not charged. */
  const placeOf = ({ product }, { meter, pool, shared, daily }, day) =>
    meter === null
      ? null
      : { month: day.slice(0, 7), product, meter, pool, shared, ...(daily ? { day } : {}) };
  const isOff = (product, at) =>
    (off.get(product) ?? []).some(({ since, until }) => since <= at && (until === null || at < until));
  const switched = (product, isOn, at) => {
    const known = off.get(product) ?? [];
    off.set(
      product,
      isOn
        ? known.map((one) => (one.until === null ? { ...one, until: at } : one))
        : [...known, { since: at, until: null }],
    );
  };
  /** What a ladder makes of a month's calls: tier or bands, exact amounts × `per`; null where it has no price. */
  const byLadder = (ladder, { free, packs, postPaid }) => {
    const { mode, bounds, tiers } = ladder;
    steps += 3 * tiers.length;
    within('steps through tiers, contracts and classes', steps, STEPS_MAX);
    need(isCount(ladder.per) && ladder.per > 0, `a price per ${ladder.per}`);
    const chosen = {
      post_paid: postPaid,
      post_paid_and_free: postPaid + free,
      metered: postPaid + free + packs,
    };
    const q = chosen[ladder.tierBy];
    need(isCount(q), `a tier chosen by ${ladder.tierBy}`);
    const nothing = { tier: null, price: null, exact: 0n, gift: 0n, per: BigInt(ladder.per) };
    if (mode === 'graduated') {
      // The quantity is laid along the tiers from zero: free calls are its first, post-paid ones its last.
      const laid = (from, to) =>
        tiers.flatMap(({ above, upTo, unitPrice }) => {
          const quantity = Math.min(to, upTo ?? to) - Math.max(from, above);
          return quantity > 0 ? [{ above, upTo, quantity, unitPrice }] : [];
        });
      const bands = laid(q - postPaid, q);
      if (bands.some(({ unitPrice }) => unitPrice === null)) return null;
      const cost = (parts) =>
        parts.reduce(
          (total, { quantity, unitPrice }) => total + BigInt(quantity) * money(unitPrice ?? '0'),
          0n,
        );
      return { ...nothing, bands, exact: cost(bands), gift: cost(laid(0, free)) };
    }
    need(mode === 'volume', `a ladder that is ${mode}`);
    const tier = tiers.find(({ above, upTo }) =>
      bounds === 'upper'
        ? above < q && (upTo === null || q <= upTo)
        : above <= q && (upTo === null || q < upTo),
    );
    if (!tier) return nothing;
    const { above, upTo, unitPrice } = tier;
    if (unitPrice === null) return postPaid > 0 ? null : { ...nothing, tier: { above, upTo } };
    const cost = (calls) => BigInt(calls) * money(unitPrice);
    return { ...nothing, tier: { above, upTo }, price: unitPrice, exact: cost(postPaid), gift: cost(free) };
  };
  /** What a month's calls of a meter cost; `byList`: by the list where it has a price, for what is frozen. */
  const rated = (meter, month, book, m, byList = false) => {
    const listed = book?.meters.find(({ id }) => id === meter);
    const own = contracts.get(canonical([m.product, meter])) ?? [];
    steps += own.length;
    const agreed = own.findLast(({ from, until }) => from <= month && (until === null || month < until));
    const ladder = agreed?.ladder ?? listed?.ladder;
    need(ladder, `no ladder of ${meter}`);
    if (listed?.freeUntil > month) {
      const bands = ladder.mode === 'graduated' ? { bands: [] } : {};
      return { tier: null, price: null, exact: 0n, gift: 0n, per: 1n, ...bands };
    }
    const list = byList && listed ? byLadder(listed.ladder, m) : null;
    if (list) return list;
    const found = byLadder(ladder, m);
    need(found, `no price of ${meter}`);
    if (agreed?.discount === undefined) return found;
    need(agreed.ladder === undefined, 'a contract is a ladder or a discount');
    const { times, over } = factorOf(agreed.discount);
    const { exact, gift, per } = found;
    return {
      ...found,
      ...{ discount: agreed.discount, times },
      ...{ exact: exact * times, gift: gift * times, per: per * over },
    };
  };
  const buy = (at, packs, { pool, size, price }) => {
    for (const pack of packs) {
      const one = { pack, pool, size, price };
      sold.set(pack, one);
      if (dayOf(at).startsWith(about.month)) bought.push(one);
    }
  };
  const giveBack = (at, pack) => {
    need(sold.has(pack), `a return of ${pack}, which was not bought`);
    if (dayOf(at).startsWith(about.month)) returned.push(sold.get(pack));
  };

  const agree = (contract) => {
    const key = canonical([contract.product, contract.meter]);
    if (contracts.has(key)) contracts.get(key).push(contract);
    else contracts.set(key, [contract]);
  };
  const begin = (at, carried) => {
    startedAt = at;
    if (!carried) return;
    months = carried.months;
    all.addMonths(months);
    for (const contract of carried.contracts) agree(contract);
    frozen = money(carried.frozen);
    for (const [product, intervals] of Object.entries(carried.postPaidOff ?? {})) off.set(product, intervals);
    for (const lot of carried.packs) {
      if (lot.granted) continue;
      const packs = lot.packs.map(([pack]) => pack);
      buy(lot.purchasedAt, packs, lot);
      if (lot.returned !== undefined) for (const pack of packs) giveBack(lot.returned, pack);
    }
  };
  /** What a record line says: its counts, and for each of them who paid. */
  const read = (text, data) => {
    const [source, id, name, time, what, ...rest] = parse(text);
    const isBare = typeof what === 'number' || Array.isArray(what);
    const { n, q, a: attributes, t, w: waived, ...others } = isBare ? { n: what } : what;
    const calls = Array.isArray(n) ? n[1] : n;
    const named = data.interfaces[name];
    const texts = [
      id,
      data.sources[source],
      named,
      ...[attributes, t].flatMap((o) => Object.values(o ?? {})),
    ];
    need(texts.every((one) => typeof one === 'string') && Object.keys(others).length === 0, 'names');
    need(isCount(time) && (q ? n === undefined : isCount(calls)), 'counts of a record');
    need(waived === undefined || waived === 1, 'waived');
    const weighed = (one) => (Array.isArray(one) ? one : [one, 1]);
    const paid = (list) => {
      const [free = 0, ...packs] = list;
      need(packs.length % 2 === 0, 'counts of a record');
      const runs = pairs(packs).map(([pack, one]) => [data.packs[pack], ...weighed(one)]);
      need([weighed(free), ...runs.map(([, ...one]) => one)].flat().every(isCount), 'counts of a record');
      need(
        runs.every(([pack]) => typeof pack === 'string'),
        'names',
      );
      return { free: weighed(free), runs };
    };
    need(!q || (q.length === 2 * rest.length && rest.every(Array.isArray)), 'quantities of a record');
    const counts = q ? pairs(q).map(([m, units], i) => [m, { units, ...paid(rest[i]) }]) : [];
    need(
      counts.every(([m, { units }]) => typeof m === 'string' && isCount(units)),
      'quantities of a record',
    );
    const byMeasure = q ? new Map(counts) : new Map([[null, { units: calls, ...paid(rest) }]]);
    need(!q || byMeasure.size === counts.length, 'a measure twice');
    const quantities = q && Object.fromEntries(counts.map(([m, { units }]) => [m, units]));
    return { named, time, quantities, attributes, waived: waived === 1, byMeasure };
  };
  /** A `CallsMetered`: its lines one by one, then whether its sums are theirs. */
  const metered = (data, where) => {
    const [base, usage, tallies] = [Date.parse(data.base), new Map(), tally()];
    let sure = true;
    const record = (text) => {
      const { named, time, quantities, attributes, waived, byMeasure } = read(text, data);
      const at = base + time;
      const day = dayOf(at);
      const charge = chargeOf(named, day.slice(0, 7));
      sure &&= charge !== null;
      if (!charge) return;
      need(!quantities === !charge.measures, 'a count, or quantities, of an interface that has the other');
      for (const m of byMeasure.keys()) need(m === null || charge.measures.includes(m), `no measure ${m}`);
      const { id, parts } = classOf(charge, { quantities, attributes, at });
      let open = 0;
      for (const part of parts) {
        const { units, free, runs } = byMeasure.get(part.measure) ?? { units: 0, free: [0, 1], runs: [] };
        const packs = runs.reduce((total, [, n]) => total + n, 0);
        const rest = part.meter === null ? 0 : units - free[0] - packs;
        need(rest >= 0 && (part.meter !== null || free[0] + packs === 0), 'a unit that is paid twice');
        need(free[0] === 0 || free[1] === part.weight, 'free units of another weight');
        open += rest;
        const key = canonical([named, part.measure, id, day]);
        const u = usage.get(key) ?? {
          interface: named,
          ...(part.measure === null ? {} : { measure: part.measure }),
          ...(charge.classes.length > 1 ? { class: id } : {}),
          ...{ day, records: 0, calls: 0, free: 0, packs: 0, postPaid: 0 },
        };
        usage.set(key, u);
        const more = { records: 1, calls: units, free: free[0], packs };
        if (!waived) more.postPaid = rest;
        else if (rest > 0) more.waived = rest;
        for (const [what, n] of Object.entries(more)) u[what] = (u[what] ?? 0) + n;
        const place = placeOf(charge, part, day);
        if (place && units > 0)
          tallies.add(place, {
            ...{ free: free[0], freeRuns: [free], runs, points: units * part.weight },
            ...(waived ? { postPaid: 0, waived: rest } : { postPaid: rest }),
          });
      }
      differs(where, 'waived', open > 0 && isOff(charge.product, at), waived);
    };
    const done = () => {
      const said = tally();
      for (const t of data.tallies) for (const to of [said, all]) to.add(t, t);
      const rows = (list) => list.map(canonical).sort();
      if (!sure) return;
      differs(where, 'sums by interface and day', rows([...usage.values()]), rows(data.usage));
      differs(where, 'tallies', tallies.text(), said.text());
    };
    return { record, done };
  };
  /** A `UsageCorrected`: what its class then and now says must change is what its tallies change. */
  const recounted = (data, where) => {
    const at = Date.parse(data.time);
    const day = dayOf(at);
    differs(where, 'day', day, data.day);
    const tallies = data.tallies ?? (data.tally ? [data.tally] : []);
    for (const t of tallies) all.add(t, t);
    const charge = chargeOf(data.interface, day.slice(0, 7));
    if (!charge) return;
    const [from, to] = ['from', 'to'].map((side) => {
      const quantities = data.quantities?.[side];
      const counts = Object.entries(quantities ?? { '': data[side] });
      need(!quantities === !charge.measures && counts.every(([, n]) => isCount(n)), 'counts');
      for (const [m] of counts) need(!quantities || charge.measures.includes(m), `no measure ${m}`);
      const calls = counts.reduce((total, [, n]) => total + n, 0);
      differs(where, side, calls, data[side]);
      const { parts } = classOf(charge, { quantities, attributes: data.attributes, at });
      return parts.map((part) => [part, part.measure === null ? calls : (quantities[part.measure] ?? 0)]);
    });
    const sums = (changes) => {
      const known = new Map();
      for (const [measure, place, units, points] of changes) {
        const key = canonical([measure ?? null, placeKey(place)]);
        const [u, p] = known.get(key) ?? [0, 0];
        known.set(key, [u + units, p + points]);
      }
      return [...known]
        .filter(([, counts]) => counts.some((n) => n !== 0))
        .map(canonical)
        .sort();
    };
    const changes = [...from.map(([part, units]) => [part, -units]), ...to].flatMap(([part, units]) => {
      const place = placeOf(charge, part, day);
      return place ? [[part.measure, place, units, units * part.weight]] : [];
    });
    const found = tallies.map((t) => [t.measure, t, unitsOf(t), t.points ?? unitsOf(t)]);
    differs(where, 'changes of the tallies', sums(changes), sums(found));
  };
  const fact = (type, at, data, where) => {
    if (type === 'ContractPriceAgreed') agree(data);
    if (type === 'FundsFrozen') frozen += money(data.amount);
    if (type === 'FundsUnfrozen') frozen -= money(data.amount);
    if (type === 'PackPurchased') buy(at, data.packs, data);
    if (type === 'PackReturned') giveBack(at, data.pack);
    if (type === 'ServiceActivated' && data.postPaid === 'off') switched(data.product, false, at);
    if (type === 'PostPaidSwitched') switched(data.product, data.postPaid === 'on', at);
    if (type === 'UsageCorrected') recounted(data, where);
  };

  const close = (bill, carried) => {
    const P = 'part bill';
    const [carry, meters] = [tally(), all.ofMonth(about.month)];
    differs(P, 'rating version', true, ['1', '2'].includes(bill.ratingVersion));
    differs(
      P,
      'rating version carried on',
      bill.ratingVersion,
      carried.months[about.month]?.closed?.ratingVersion,
    );
    carry.addMonths(carried.months);
    differs(P, 'counts carried on', all.text(), carry.text());
    const linesOf = grouped(bill.lines, ({ meter }) => meter);
    for (const [meter, m] of meters)
      if (allOf(m) > 0) differs(P, `lines of ${meter}`, 1, linesOf(meter).length);
    differs(P, 'meters of lines', new Set(bill.lines.map(({ meter }) => meter)).size, bill.lines.length);
    const named = new Set(bill.priceBooks.map(({ product, digest }) => canonical([product, digest])));
    const distinct = [...new Map(bill.lines.map((line) => [line.meter, line])).values()];
    for (const line of distinct) {
      const L = `${P}: line ${line.meter}`;
      const m = meters.get(line.meter) ?? { product: line.product, ...NONE };
      const counts = { ...m, waived: m.waived || null, metered: allOf(m) };
      for (const [what, value] of Object.entries(counts)) differs(L, what, value, line[what]);
      const force = inForce(m.product, about.month);
      const among = force !== undefined && named.has(canonical([m.product, force.digest]));
      differs(L, 'its price book among those of the bill', true, among);
      const costed = rated(line.meter, about.month, force?.book, m);
      const { tier, price, exact, per, bands, gift: free, discount, times = 1n } = costed;
      const gift = force?.book.allowance?.grant === 'voucher' ? free : 0n;
      const costs = (band) => shown(BigInt(band.quantity) * money(band.unitPrice) * times, per);
      const unit = bill.ratingVersion === '1' ? null : force?.units.get(line.meter);
      differs(L, 'unit', unit, line.unit);
      const laid = (list, of) =>
        list?.map((band) => [band.above, band.upTo, band.quantity, band.unitPrice, of(band)]);
      differs(
        L,
        'bands',
        laid(bands, costs),
        laid(line.bands, (band) => plain(band.amount)),
      );
      differs(L, 'tier', tier, line.tier);
      differs(L, 'unit price', price, line.unitPrice);
      differs(L, 'discount', bill.ratingVersion === '1' ? null : discount, line.discount);
      differs(L, 'exact amount', shown(exact, per), plain(line.exact));
      differs(L, 'amount', yuan(exact, per), line.amount);
      differs(L, 'voucher', yuan(gift, per), line.voucher);
    }
    const correctionsOf = grouped(bill.corrections, (c) => canonical([c.month, c.meter, c.product]));
    for (const [month, { closed }] of Object.entries(months))
      if (closed) corrected(correctionsOf, month, closed, P);
    for (const c of bill.corrections) differs(P, 'corrected month closed', true, !!months[c.month]?.closed);
    const rows = (list) => list.map((p) => canonical({ ...p, price: yuan(money(p.price)) })).sort();
    differs(P, 'packs bought', rows(bought), rows(bill.packPurchases));
    const due = sum([...bill.lines, ...bill.corrections], (line) => line.amount);
    differs(P, 'packs returned', rows(returned), rows(bill.packReturns ?? []));
    const paid = ({ price }) => price;
    const packsTotal = sum(bill.packPurchases, paid) - sum(bill.packReturns ?? [], paid);
    differs(P, 'due', yuan(due), bill.due);
    differs(P, 'packsTotal', yuan(packsTotal), bill.packsTotal);
    differs(P, 'total', yuan(due + packsTotal), bill.total);
    differs(P, 'unfrozen', yuan(frozen), bill.unfrozen);
    differs(P, 'frozen', yuan(sum(bill.frozen.byProduct, ({ amount }) => amount)), bill.frozen.total);
    const ofProduct = grouped(distinct, ({ product }) => product);
    const byProduct = new Map(bill.frozen.byProduct.map((one) => [one.product, one]));
    differs(P, 'products of what is frozen', byProduct.size, bill.frozen.byProduct.length);
    for (const { product, amount } of byProduct.values()) {
      const lines = ofProduct(product);
      const book = inForce(product, about.month)?.book;
      const basis = together(
        lines.map((line) =>
          book?.freeze?.of === 'bill'
            ? { exact: money(line.amount), per: 1n }
            : rated(line.meter, about.month, book, line, true),
        ),
      );
      const cost = basis.exact * money(book?.freeze?.rate);
      differs(P, `frozen for ${product}`, yuan(cost, basis.per * CENT * 100n), amount);
    }
  };
  /** A closed month: what it costs now less what was billed of it so far is what its corrections say. */
  const corrected = (correctionsOf, month, closed, P) => {
    const meters = all.ofMonth(month);
    for (const meter of new Set([...meters.keys(), ...Object.keys(closed.billed)])) {
      const m = meters.get(meter) ?? { product: null, ...NONE };
      const { calls, amount } = closed.billed[meter] ?? { calls: 0, amount: '0.00' };
      const lines = correctionsOf(canonical([month, meter, m.product]));
      const C = `${P}: correction of ${month} ${meter}`;
      const more = lines.reduce((total, line) => total + line.calls, 0);
      differs(C, 'calls', allOf(m) - calls, more);
      const edition = closed.editions[m.product];
      const book = books.get(m.product)?.named.get(edition)?.book;
      const { exact, per } = rated(meter, month, book, m);
      const extra = money(yuan(exact, per)) - money(amount);
      differs(C, 'amount', yuan(extra), yuan(sum(lines, (line) => line.amount)));
    }
  };
  const isPublished = ({ product, edition, digest }) => published.has(canonical([product, edition, digest]));
  return { publish, isPublished, begin, metered, fact, close };
};

// --- steps 1–7: the file, line by line
const monthBefore = (month) => new Date(Date.parse(`${month}-01`) - 86_400_000).toISOString().slice(0, 7);

/** Verifies the bundle at a path; `keys` are texts of verifier keys that the caller holds. */
export const verify = async (path, keys = []) => {
  const [failures, notChecked] = [[], [...NOT_CHECKED]];
  const fail = (where, what) => {
    if (failures.length < FAILURES_MAX) failures.push(`differs: ${where}: ${what}`);
  };
  const differs = (where, what, expected, found) => {
    const [a, b] = [canonical(expected ?? null), canonical(found ?? null)];
    if (a !== b) fail(where, `${what}: expected ${a.slice(0, 500)}, found ${b.slice(0, 500)}`);
  };
  const left = (what) => {
    if (!notChecked.includes(what)) notChecked.push(what);
  };
  const guard = (where, work) => {
    try {
      return work();
    } catch (error) {
      seen.isOver ||= error instanceof TooLarge;
      const what = error instanceof TypeError ? 'a member missing, or of another kind' : error.message;
      fail(where, `form: expected as described, found ${JSON.stringify(what)}`);
    }
  };
  const held = new Map(); // part → how many lines, and the hash of them
  const streams = new Map(); // stream → revision and head of its last event
  const seen = { records: 0, events: 0, rank: -1, number: 0, about: null, open: null, keys: [] };
  const sizes = { editions: 0, facts: 0 };
  const chained = (stream, line, payload) => {
    const { revision, head } = streams.get(stream) ?? { revision: -1, head: '0'.repeat(64) };
    const where = `event ${line.revision} of ${stream}`;
    differs(where, 'revision', revision + 1, line.revision);
    differs(where, 'hash', sealOf(head, stream, line.revision, line.header, payload), line.hash);
    streams.set(stream, { revision: line.revision, head: line.hash });
  };
  const headerOf = (line) => {
    const { type, at } = parse(line.header);
    need(typeof type === 'string' && typeof at === 'string', 'header');
    return { type, at: Date.parse(at), text: at };
  };
  const parts = {
    about: (line) => {
      need(/^\d{4}-(0[1-9]|1[0-2])$/.test(line.month) && isHash(line.previous), 'month or previous');
      need([line.catalogue, line.from, line.to].every(isCount), 'catalogue, from or to');
      seen.about = line;
      seen.sums = bookkeeping(line, differs, left);
      streams.set(line.stream, { revision: line.from - 1, head: line.previous });
      differs('part about', 'format', 'suanpan.audit-bundle.1', line.format);
      differs('part about', 'stream', `account-${line.account}`, line.stream);
      if (line.from === 0) differs('part about', 'previous', '0'.repeat(64), line.previous);
    },
    holder: ({ name }) => need(typeof name === 'string', 'name'),
    ledger: (line) => {
      const where = 'event 0 of ledger';
      differs(where, 'type', 'LedgerCreated', headerOf(line).type);
      const first = sealOf('0'.repeat(64), 'ledger', 0, line.header, sha(line.data));
      differs(where, 'name of the ledger', `suanpan/${first.slice(0, 32)}`, seen.about.ledger);
      differs(where, 'zone', parse(line.data).zone, seen.about.zone);
    },
    bill: ({ bill }) => {
      const { digest, ...others } = bill;
      seen.bill = bill;
      differs('part bill', 'digest', sha(canonical(others)), digest);
      differs('part bill', 'account', seen.about.account, bill.account);
      differs('part bill', 'month', seen.about.month, bill.month);
    },
    edition: (line) => {
      chained('catalogue', line, sha(line.data));
      const [{ type, at }, where] = [headerOf(line), `event ${line.revision} of catalogue`];
      differs(where, 'type', 'PriceBookPublished', type);
      within('price books', held.get('edition').lines, EDITIONS.count);
      sizes.editions += line.data.length;
      within('characters of price books', sizes.editions, EDITIONS.size);
      const { digest, book } = parse(line.data);
      differs(where, 'digest', sha(canonical(book)), digest);
      seen.sums.publish(digest, book, at);
    },
    event: (line) => {
      const { about, sums } = seen;
      const where = `event ${line.revision} of ${about.stream}`;
      const tree = 'records' in line ? recordTree() : null;
      seen.open = { line, where, left: line.records ?? 0, size: 0, tree };
      seen.events += 1;
      within('records of one event', line.records ?? 0, EVENT_RECORDS.count);
      const [{ type, at, text }, data] = [headerOf(line), parse(line.data)];
      if (type !== 'CallsMetered') sizes.facts += line.data.length;
      within('characters of events', sizes.facts, FACTS_SIZE);
      need(at > 0, 'header: at');
      need(!('records' in line) || isCount(line.records), 'records');
      differs(where, 'has records', type === 'CallsMetered', 'records' in line);
      const [first, last] = [line.revision === about.from, line.revision === about.to];
      const inside = first && about.from === 0 ? 'AccountOpened' : 'MonthClosed';
      if (first || last) differs(where, 'type', inside, type);
      else if (/^(AccountOpened|MonthClosed)$/.test(type))
        fail(where, `type: expected another, found ${type}`);
      if (first) {
        differs(where, 'account', about.account, data.carried ? data.carried.account : data.account);
        if (about.from > 0) differs(where, 'month', monthBefore(about.month), data.bill.month);
        sums.begin(at, data.carried);
      }
      if (last) Object.assign(seen, { last: data, closedAt: text, before: streams.get(about.stream).head });
      if (type === 'CallsMetered') {
        differs(where, 'records', data.records, line.records);
        seen.open.metered = sums.metered(data, where);
      } else sums.fact(type, at, data, where);
    },
    link: (line) => {
      need([seen.about.stream, 'catalogue'].includes(line.stream), 'a link of another stream');
      chained(line.stream, line, line.payload);
    },
    keys: (line) => {
      need(line.keys.length > 0, 'no key');
      within('keys', line.keys.length, KEYS_MAX);
      for (const k of line.keys) differs('part keys', 'members', ['key', 'statement'], Object.keys(k).sort());
      seen.keys = line.keys.map(({ key, statement }) => ({ ...parseKey(key), statement }));
    },
    checkpoint: ({ note, leaves }) => {
      const P = 'part checkpoint';
      const form = /^(.+)\n([1-9]\d{0,14})\n(\S+)\ntime (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)\n$/;
      const [, origin, size, root] = form.exec(openNote(note, seen.keys.at(-1))) ?? [];
      differs(P, 'origin', seen.about.ledger, origin);
      seen.checkpoint = { size: Number(size), root: bytes64(root).toString('hex') };
      const names = [seen.about.stream, ...(streams.has('catalogue') ? ['catalogue'] : [])];
      differs(
        P,
        'streams of leaves',
        names,
        leaves.map(({ stream }) => stream),
      );
      for (const { stream, revision, head, index, path: steps } of leaves) {
        const where = `event ${revision} of ${stream}`;
        differs(where, 'leaf', streams.get(stream), { revision, head });
        const leaf = Buffer.from(`\0suanpan.leaf.1\n${stream}\n${revision}\n${head}`);
        differs(where, 'root', seen.checkpoint.root, rootOf(node(leaf), index, Number(size), steps));
      }
    },
    manifest: ({ envelope }) => {
      const [P, type] = ['part manifest', 'application/vnd.suanpan.audit-bundle.manifest+json'];
      const { about, records, checkpoint } = seen;
      const { text, key } = seen.keys.at(-1);
      const [payload, sig] = [bytes64(envelope.payload), envelope.signatures[0].sig];
      const dsse = { payload: envelope.payload, payloadType: type, signatures: [{ keyid: text, sig }] };
      differs(P, 'envelope', dsse, envelope);
      const message = Buffer.concat([
        Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `),
        payload,
      ]);
      differs(P, 'signature fits', true, signed(null, message, key, bytes64(sig)));
      const { format, ledger, account, month, stream, from, to } = about;
      const list = [...held].map(([part, { lines, digest }]) => ({
        part,
        lines,
        sha256: digest.digest('hex'),
      }));
      const counts = { events: { stream, from, to, records }, parts: list, checkpoint };
      const expected = { format, ledger, account, month, bill: seen.bill.digest, ...counts };
      differs(P, 'payload', canonical(expected), utf8.decode(payload));
    },
  };

  const count = (part, bytes) => {
    const entry = held.get(part) ?? { lines: 0, digest: createHash('sha256') };
    held.set(part, entry);
    entry.lines += 1;
    entry.digest.update(bytes).update('\n');
  };
  const eventEnds = () => {
    const { line, where, tree, metered, left: missing } = seen.open;
    seen.open = null;
    if (missing > 0) fail(where, `records: expected ${line.records}, found ${line.records - missing}`);
    const plain = sha(line.data);
    chained(seen.about.stream, line, tree ? sha(`suanpan.payload.1\n${plain}\n${tree.root()}`) : plain);
    if (metered) guard(where, metered.done);
  };
  const take = (bytes) => {
    const { open } = seen;
    seen.number += 1;
    if (open?.left > 0 && bytes[0] === 0x5b) {
      count('event', bytes);
      open.left -= 1;
      open.size += bytes.length;
      seen.records += 1;
      within('bytes of a record', bytes.length, RECORD_LINE_MAX);
      within('bytes of the records of one event', open.size, EVENT_RECORDS.size);
      within('records', seen.records, RECORDS_MAX);
      open.tree.add(bytes);
      guard(open.where, () => open.metered?.record(utf8.decode(bytes)));
      return;
    }
    if (open) guard(open.where, eventEnds);
    const text = utf8.decode(bytes);
    const line = parse(text);
    const order = PARTS.indexOf(line?.part);
    need(order >= 0, `line ${seen.number} of no part`);
    const [part, where] = [line.part, `part ${line.part}`];
    if (part !== 'manifest') count(part, bytes);
    differs(where, `line ${seen.number} as canonical JSON`, true, canonical(line) === text);
    if (order < seen.rank || (order === seen.rank && !MANY.includes(part)))
      fail(where, `line ${seen.number}: expected a later part, found ${part}`);
    seen.rank = Math.max(seen.rank, order);
    const more = 'records' in line ? ' records' : '';
    const members = `${MEMBERS[part]}${more}`.split(' ').sort();
    differs(where, `members of line ${seen.number}`, members, Object.keys(line).sort());
    if (MANY.includes(part)) {
      need(
        isCount(line.revision) && isHash(line.hash) && typeof line.header === 'string',
        'revision, hash, header',
      );
      need('data' in line ? typeof line.data === 'string' : isHash(line.payload), 'data or payload');
    }
    need(seen.about || part === 'about', 'the part about does not come first');
    guard(
      MANY.includes(part)
        ? `event ${line.revision} of ${part === 'edition' ? 'catalogue' : (line.stream ?? seen.about?.stream)}`
        : where,
      () => parts[part](line),
    );
  };

  let rest = Buffer.alloc(0);
  // So many failures, or so large a file, are enough to know.
  const isOver = () => seen.isOver || failures.length >= FAILURES_MAX;
  const place = () => `part ${PARTS[Math.max(seen.rank, 0)]}`;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0 && !isOver(); end = bytes.indexOf(10, from)) {
      guard(place(), () => take(bytes.subarray(from, end)));
      from = end + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > LINE_MAX || isOver()) break;
  }
  if (rest.length > 0) fail(place(), `end: expected a newline within ${LINE_MAX} bytes, found none`);
  differs(place(), 'last part', 'manifest', PARTS[seen.rank] ?? null);
  const wanted = PARTS.filter(
    (p) => !/holder|link|manifest/.test(p) && (p !== 'edition' || seen.about?.catalogue),
  );
  for (const part of wanted) if (!held.has(part)) fail(`part ${part}`, 'lines: expected some, found none');
  guard('part about', () => {
    const { about, bill, last, sums } = seen;
    need(about && bill && last, 'no whole bundle: about, bill or the close of the month is missing');
    const end = `event ${about.to} of ${about.stream}`;
    differs('part about', 'catalogue', about.catalogue, held.get('edition')?.lines ?? 0);
    differs('part about', 'to', about.from + seen.events - 1, about.to);
    const head = seen.before; // the hash of the event before the close
    const events = { stream: about.stream, from: about.from && about.from + 1, to: about.to - 1, head };
    differs('part bill', 'events', events, bill.events);
    differs('part bill', 'status, issuedAt', ['issued', seen.closedAt], [bill.status, bill.issuedAt]);
    differs(end, 'bill', bill, last?.bill);
    differs(end, 'catalogue', about.catalogue, last?.catalogue);
    for (const named of bill.priceBooks) {
      const { product, edition } = named;
      differs('part bill', `price book ${product} ${edition} published`, true, sums.isPublished(named));
    }
    sums.close(bill, last.carried);
  });
  const signer = seen.keys.at(-1);
  const vouches = (by, { text, statement }) => {
    try {
      return openNote(statement, by) === `suanpan.signing-key.1\n${seen.about.ledger}\n${text}\n`;
    } catch {
      return false;
    }
  };
  const trusted = new Set(seen.keys.filter(({ text }) => keys.includes(text)));
  // What is added to a set while it is walked is walked too.
  for (const by of trusted) for (const k of seen.keys) if (!trusted.has(k) && vouches(by, k)) trusted.add(k);
  if (keys.length === 0) left('whose key signed, as no key was given');
  else differs('part keys', 'the key that signed is trusted', true, trusted.has(signer));
  const { account, month } = seen.about ?? {};
  const told = { account, month, due: seen.bill?.due, records: seen.records, key: signer?.text };
  return { verified: failures.length === 0, ...told, failures, notChecked };
};

// --- the command line
/** What would move the cursor, hide or turn around what a terminal shows, as JSON escapes it; line feeds stay. */
const UNSAFE =
  /(?!\n)\p{Cc}|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const escaped = (text) =>
  text.replace(UNSAFE, (c) =>
    c
      .split('')
      .map((unit) => hex4(unit.charCodeAt(0)))
      .join(''),
  );
const hex4 = (unit) => `\\u${unit.toString(16).padStart(4, '0')}`;
const main = async (args) => {
  const at = args.indexOf('--key');
  const given = at < 0 ? [] : args.splice(at, 2);
  const files = args.filter((arg) => arg !== '--json');
  if (files.length !== 1 || files[0].startsWith('--') || given.length === 1)
    throw new Error('one FILE is wanted');
  const texts = given.slice(1).flatMap((k) => (existsSync(k) ? readFileSync(k, 'utf8') : k).split('\n'));
  const keys = texts
    .filter((text) => text.trim() && !/\srevoked/.test(text))
    .map((text) => parseKey(text.trim().split(/\s/)[0]).text);
  const verdict = await verify(files[0], keys);
  if (args.includes('--json')) console.log(escaped(JSON.stringify(verdict, null, 2)));
  else {
    const { account, month, due, records, key } = verdict;
    const lines = [
      ...verdict.failures,
      ...verdict.notChecked.map((what) => `not checked here: ${what}`),
      ...(account ? [`${account} ${month}, due ${due}, ${records} records, signed by ${key}`] : []),
      verdict.verified ? 'verified' : 'not verified',
    ];
    for (const line of lines) console.log(escaped(line).replaceAll('\n', '\\n'));
  }
  return verdict.verified ? 0 : 1;
};
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await main(process.argv.slice(2)).catch((error) => {
    const why = escaped(error.message).replaceAll('\n', '\\n');
    console.error(`usage: node examples/verify-bundle.mjs FILE [--key KEYTEXT_OR_FILE] [--json]: ${why}`);
    return 2;
  });
