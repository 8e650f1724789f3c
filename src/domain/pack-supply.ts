/**
 * The packs of an account while a batch or a correction is decided: which may pay for a part of a record, at which
 * weight, in the order of deduction (rules.md, section 3). A working copy; the account itself is not modified.
 */
import type { Pack, PackRun } from './account.ts';
import { type Catalogue, editionNamed, indexOf } from './catalogue.ts';
import { classOf, type Part } from './charging.ts';
import type { BillingContext } from './context.ts';
import { grouped } from './grouped.ts';
import { byDeduction, FEW, type PackQueue, packQueue } from './pack-queue.ts';
import type { UsageRecord } from './usage.ts';

export interface Payable {
  readonly part: Part;
  readonly record: UsageRecord;
  /** The month is closed: packs are not touched (rules.md, section 10), but for what a correction gave back. */
  readonly isClosed: boolean;
}

interface Supply {
  readonly queue: PackQueue;
  /** Points that a unit takes, by edition; null where all of them are 1. */
  readonly weights: ReadonlyMap<string, number> | null;
}

const NO_RUNS: readonly PackRun[] = [];

/** A mutable working copy of an account's packs for one batch or correction. */
export class PackSupply {
  readonly #packs: readonly Pack[];
  readonly #context: BillingContext;
  readonly #returned: Map<string, number> | null;
  readonly #left = new Map<string, number>();
  readonly #supplies = new Map<string, Supply>();
  readonly #shared = new Map<string, PackQueue>();
  /** Usable packs by edition and pool: all packs of one kind pay for the same, at the same weight. */
  #kinds: readonly (readonly [kind: string, packs: readonly Pack[]])[] | null = null;
  #editions: ReadonlyMap<string, readonly string[]> | null = null;

  /**
   * `returned`: points by pack that this correction gave back before. Those may be used even in a closed month, and
   * outside the life of the pack (price-books.md, "Corrections"); what is used of them is taken off.
   */
  constructor(packs: readonly Pack[], context: BillingContext, returned?: Map<string, number>) {
    this.#packs = packs;
    this.#context = context;
    this.#returned = returned ?? null;
  }

  /** Takes units out of packs; what no pack pays for is in no run. */
  take(payable: Payable, units: number): readonly PackRun[] {
    if (this.#packs.length === 0) return NO_RUNS;
    if (this.#returned) return this.#takeReturned(payable, units, this.#returned);
    if (payable.isClosed) return NO_RUNS;
    const { part, record } = payable;
    const { queue, weights } = this.#supply(part, record);
    const runs: PackRun[] = [];
    let rest = units;
    for (let i = queue.next(0, record.time); rest > 0; i = queue.next(i + 1, record.time)) {
      const pack = queue.at(i);
      if (!pack) break;
      const weight = weights?.get(pack.edition) ?? 1;
      // A pack may be in two queues, and used up through the other one.
      const left = this.#left.get(pack.pack) ?? pack.left;
      const taken = Math.min(rest, weight === 1 ? left : Math.floor(left / weight));
      if (left - taken * weight < weight) queue.usedUp(i);
      if (taken === 0) continue;
      this.#left.set(pack.pack, left - taken * weight);
      runs.push(runOf(pack.pack, taken, weight));
      rest -= taken;
    }
    return runs;
  }

  /** The same, where some points may be used whatever the month and the life of the pack. */
  #takeReturned({ part, record, isClosed }: Payable, units: number, returned: Map<string, number>) {
    const { catalogue, calendar } = this.#context;
    const runs: PackRun[] = [];
    let rest = units;
    for (const pack of this.#packs.toSorted(byDeduction)) {
      if (rest === 0) break;
      const weight = pack.left > 0 ? weightIn(pack, part, record, { catalogue, calendar }) : 0;
      if (weight === 0) continue;
      const left = this.#left.get(pack.pack) ?? pack.left;
      const back = returned.get(pack.pack) ?? 0;
      const lives = !isClosed && pack.purchasedAt <= record.time && record.time < pack.expiresAt;
      const taken = Math.min(rest, Math.floor((lives ? left : Math.min(left, back)) / weight));
      if (taken === 0) continue;
      this.#left.set(pack.pack, left - taken * weight);
      returned.set(pack.pack, Math.max(0, back - taken * weight));
      runs.push(runOf(pack.pack, taken, weight));
      rest -= taken;
    }
    return runs;
  }

  /** The packs that may pay for a part. Parts with the same packs at the same weights share a queue. */
  #supply(part: Part, record: UsageRecord): Supply {
    const key =
      part.measure === null
        ? record.interface
        : `${record.interface} ${part.measure} ${this.#classes(record)}`;
    let supply = this.#supplies.get(key);
    if (!supply) {
      supply = this.#packs.length <= FEW ? this.#own(part, record) : this.#ofKinds(part, record);
      this.#supplies.set(key, supply);
    }
    return supply;
  }

  /** For an account with few packs, without grouping by kind. */
  #own(part: Part, record: UsageRecord): Supply {
    const weights = new Map<string, number>();
    const packs = this.#packs.filter((pack) => {
      const weight = pack.left > 0 ? weightIn(pack, part, record, this.#context) : 0;
      if (weight > 1) weights.set(pack.edition, weight);
      return weight > 0;
    });
    return { queue: packQueue(packs), weights: weights.size === 0 ? null : weights };
  }

  #ofKinds(part: Part, record: UsageRecord): Supply {
    this.#kinds ??= [
      ...grouped(
        this.#packs.filter((pack) => pack.left > 0),
        ({ edition, pool }) => `${edition} ${pool}`,
      ),
    ];
    const weights = new Map<string, number>();
    const kinds = this.#kinds.filter(([, [first]]) => {
      const weight = first ? weightIn(first, part, record, this.#context) : 0;
      if (first && weight > 1) weights.set(first.edition, weight);
      return weight > 0;
    });
    const shared = kinds
      .map(([kind, [first]]) => `${kind} ${weights.get(first?.edition ?? '') ?? 1}`)
      .join('\n');
    const queue = this.#shared.get(shared) ?? packQueue(kinds.flatMap(([, packs]) => packs));
    this.#shared.set(shared, queue);
    return { queue, weights: weights.size === 0 ? null : weights };
  }

  /** The class of a record in each edition of which packs are held: records of the same classes have the same packs. */
  #classes(record: UsageRecord): string {
    this.#editions ??= new Map(
      [...grouped(this.#packs, ({ product }) => product)].map(([product, packs]) => [
        product,
        [...new Set(packs.map(({ edition }) => edition))],
      ]),
    );
    const { catalogue, calendar } = this.#context;
    const product = record.interface.slice(0, record.interface.indexOf('/'));
    return (this.#editions.get(product) ?? [])
      .map((edition) => {
        const charging = chargingIn(catalogue, product, edition, record.interface);
        return charging ? charging.classes.indexOf(classOf(charging, record, calendar)) : '';
      })
      .join(' ');
  }
}

/**
 * Points of a pack that one unit of an interface's measure takes, in each class of the edition that it was bought under;
 * 0 in a class that leads elsewhere.
 */
export const classWeights = (
  catalogue: Catalogue,
  { product, edition, pool }: Pick<Pack, 'product' | 'edition' | 'pool'>,
  id: string,
  measure: string | null,
): readonly { readonly id: string | null; readonly weight: number }[] => {
  const charging = id.startsWith(`${product}/`) ? chargingIn(catalogue, product, edition, id) : undefined;
  return (charging?.classes ?? []).map(({ id: of, parts }) => {
    const own = parts.find((part) => part.measure === measure);
    return { id: of, weight: own?.pool === pool ? own.weight : 0 };
  });
};

const runOf = (pack: string, units: number, weight: number): PackRun =>
  weight === 1 ? [pack, units] : [pack, units, weight];

const chargingIn = (catalogue: Catalogue, product: string, edition: string, id: string) => {
  const found = editionNamed(catalogue, product, edition);
  return found && indexOf(found.book).chargings.get(id);
};

/**
 * Points of a pack that one unit of a record's part takes; 0 if the pack does not pay for it. The record is classed by
 * the edition that the pack was bought under, for as long as the pack lives (rules.md, section 2).
 */
const weightIn = (
  pack: Pick<Pack, 'product' | 'edition' | 'pool'>,
  part: Pick<Part, 'measure'>,
  record: UsageRecord,
  { catalogue, calendar }: BillingContext,
): number => {
  if (!record.interface.startsWith(`${pack.product}/`)) return 0;
  const charging = chargingIn(catalogue, pack.product, pack.edition, record.interface);
  if (!charging) return 0;
  const own = classOf(charging, record, calendar).parts.find(({ measure }) => measure === part.measure);
  return own !== undefined && own.pool === pack.pool ? own.weight : 0;
};
