/**
 * Accounts as they are listed, filtered and put in order. Keys: `of/ACCOUNT`, how it stands; `name/ACCOUNT`, its holder's
 * folded name; `word/WORD␁ACCOUNT`, for the search; `in/GROUP/SORT/VALUE␁ACCOUNT`, each group in each order; `count/GROUP`.
 * A group's list is read from any place on, whatever else there is.
 */
import * as z from 'zod';
import { type Instant, instantText } from '../domain/calendar.ts';
import { isNegative, isZero, type Money, plus, ZERO } from '../domain/money.ts';
import { accountWords, folded, nameOrder } from './account-search.ts';
import { MARK } from './mark.ts';
import { frozenBy, moneyOf } from './money-moves.ts';
import type { AccountEventAt, Projection, Values } from './projection.ts';

const listedAccount = z.strictObject({
  account: z.string(),
  openedAt: z.string(),
  total: z.string(),
  frozen: z.string(),
  /** The open ones. */
  suspensions: z
    .array(z.strictObject({ reason: z.enum(['arrears', 'freeze_failed', 'prohibited']), since: z.string() }))
    .readonly(),
  services: z.array(z.string()).readonly(),
});
export type ListedAccount = Readonly<z.infer<typeof listedAccount>>;

const count = z.strictObject({ accounts: z.int() });
const text = z.string();
const place = z.null();

/** Rows at `of/…`, at `name/…`, at `word/…` and `in/…` and at `count/…`. */
export const listedRows = { name: 'accounts', schema: listedAccount };
export const nameRows = { name: 'accounts', schema: text };
export const placeRows = { name: 'accounts', schema: place };
export const countRows = { name: 'accounts', schema: count };

export const ACCOUNT_SORTS = ['account', 'name', 'opened', 'balance', 'frozen'] as const;
export type AccountSort = (typeof ACCOUNT_SORTS)[number];

export const ofKey = (account: string): string => `of/${account}`;
export const nameKey = (account: string): string => `name/${account}`;
export const wordPrefix = (word: string): string => `word/${word}`;
export const countKey = (group: string): string => `count/${group}`;
export const orderPrefix = (group: string, sort: AccountSort): string => `in/${group}/${sort}/`;
/** The account that a row of an order, or of a word, is of. */
export const accountAt = (key: string): string => key.slice(key.lastIndexOf(MARK) + 1);

/** The groups that an account is in. */
export const groupsOf = ({ suspensions, total, frozen, services }: ListedAccount): readonly string[] => [
  'all',
  suspensions.length > 0 ? 'suspended' : 'active',
  ...new Set(suspensions.map(({ reason }) => `reason:${reason}`)),
  ...(isNegative(total) ? ['arrears'] : []),
  ...(isZero(frozen) ? [] : ['frozen']),
  ...services.map((product) => `product:${product}`),
];

const LENGTHS = 99;
/** An amount as a text that sorts like it: sign, number of digits, digits; a negative one's turned about. */
const amountOrder = (amount: Money): string => {
  const digits = amount.replace(/[-.]/g, '').replace(/^0+(?=\d)/, '');
  if (!isNegative(amount)) return `1${String(digits.length).padStart(2, '0')}${digits}`;
  const turned = [...digits].map((digit) => 9 - Number(digit)).join('');
  return `0${String(LENGTHS - digits.length).padStart(2, '0')}${turned}`;
};

/** An account's place in an order: what follows the prefix. `name` is folded. */
export const placeOf = (sort: AccountSort, of: ListedAccount, name: string): string => {
  const values = {
    account: () => '',
    name: () => nameOrder(name),
    opened: () => of.openedAt,
    balance: () => amountOrder(of.total),
    frozen: () => amountOrder(of.frozen),
  };
  return `${values[sort]()}${MARK}${of.account}`;
};

type View = ListedAccount | string | null | z.infer<typeof count>;

export const accounts: Projection<View> = {
  name: 'accounts',
  version: 1,
  schema: z.union([listedAccount, text, place, count]),
  project: (recorded, values) => {
    // Fast path for the most frequent event by far.
    if (recorded.event.type === 'CallsMetered') return;
    const before = values.get(ofKey(recorded.account)) as ListedAccount | undefined;
    const after = changed(before, recorded);
    if (after !== before) put(values, before, after);
  },
  projectNews: ({ news }, values) => {
    if (news.type !== 'HolderNamed') return;
    const { account, name } = news;
    const [before, after] = [nameIn(values, account), folded(name ?? '')];
    if (after === before) return;
    if (after === '') values.delete(nameKey(account));
    else values.set(nameKey(account), after);
    const of = values.get(ofKey(account)) as ListedAccount | undefined;
    if (of) move(values, keysOf(of, before), keysOf(of, after));
  },
};

const nameIn = (values: Values<View>, account: string): string =>
  (values.get(nameKey(account)) as string | undefined) ?? '';

/** An account after an event; the same object where the event changes nothing that is listed. */
const changed = (before: ListedAccount | undefined, { account, event }: AccountEventAt) => {
  if (event.type === 'AccountOpened') return openedAt(account, event.at);
  if (!before) return before;
  const moved = moneyOf(event);
  if (moved !== null) return { ...before, total: plus(before.total, moved) };
  const froze = frozenBy(event);
  if (froze !== null) return { ...before, frozen: plus(before.frozen, froze) };
  switch (event.type) {
    case 'ServiceActivated':
      return { ...before, services: [...before.services, event.data.product].sort() };
    case 'AccountSuspended': {
      const since = instantText(event.at);
      return { ...before, suspensions: [...before.suspensions, { reason: event.data.reason, since }] };
    }
    case 'SuspensionLifted':
      return {
        ...before,
        suspensions: before.suspensions.filter(({ reason }) => reason !== event.data.reason),
      };
    default:
      return before;
  }
};

const openedAt = (account: string, at: Instant): ListedAccount => ({
  account,
  openedAt: instantText(at),
  total: ZERO,
  frozen: ZERO,
  suspensions: [],
  services: [],
});

const put = (values: Values<View>, before: ListedAccount | undefined, after: ListedAccount | undefined) => {
  if (!after) return;
  values.set(ofKey(after.account), after);
  const name = nameIn(values, after.account);
  move(values, before ? keysOf(before, name) : NO_KEYS, keysOf(after, name));
  recount(values, before ? groupsOf(before) : [], groupsOf(after));
};

const NO_KEYS: ReadonlySet<string> = new Set();

const keysOf = (of: ListedAccount, name: string): ReadonlySet<string> => {
  const places = ACCOUNT_SORTS.map((sort) => [sort, placeOf(sort, of, name)] as const);
  return new Set([
    ...groupsOf(of).flatMap((group) => places.map(([sort, at]) => `${orderPrefix(group, sort)}${at}`)),
    ...[...accountWords(of.account, name)].map((word) => `${wordPrefix(word)}${MARK}${of.account}`),
  ]);
};

/** Rows that are there before and after are not written again. */
const move = (values: Values<View>, before: ReadonlySet<string>, after: ReadonlySet<string>): void => {
  for (const key of before) if (!after.has(key)) values.delete(key);
  for (const key of after) if (!before.has(key)) values.set(key, null);
};

const recount = (values: Values<View>, before: readonly string[], after: readonly string[]): void => {
  const change = (group: string, by: number): void => {
    const known = (values.get(countKey(group)) as z.infer<typeof count> | undefined)?.accounts ?? 0;
    values.set(countKey(group), { accounts: known + by });
  };
  for (const group of before) if (!after.includes(group)) change(group, -1);
  for (const group of after) if (!before.includes(group)) change(group, 1);
};
