/**
 * The decider: command, account and context give events or a refusal. Events are created nowhere else. Time, the
 * catalogue and the stream's head are arguments; nothing here reads a clock.
 */
import { type Account, isSuspendedFor, type SuspensionReason } from './account.ts';
import { type Agreement, agreePrice } from './agree-price.ts';
import { instantText, type Month } from './calendar.ts';
import { closeMonth } from './close.ts';
import { unlessTooMuch } from './close-size.ts';
import type { DecisionContext } from './context.ts';
import { type Correction, correctUsage } from './correct-usage.ts';
import { accept, type Decision, type FollowUp, refuse, unreachable } from './decision.ts';
import { type Credit, credit, type Deposit, deposit } from './deposit-and-credit.ts';
import {
  attachEvidence,
  type Evidence,
  type Opening,
  openDispute,
  type Resolution,
  resolveDispute,
} from './disputes.ts';
import { type AccountEvent, event } from './events.ts';
import { fold } from './evolve.ts';
import type { Limits } from './limits.ts';
import { accountChannels, notice, withNotices } from './notices.ts';
import { passTime } from './pass-time.ts';
import { buyPacks, type Purchase } from './purchase.ts';
import { CURRENT_RATING } from './rating.ts';
import { returnPack } from './return-pack.ts';
import { CURRENT_RULES } from './rules.ts';
import { activateService, type PostPaidSwitch, switchPostPaid } from './services.ts';
import { setLimits } from './set-limits.ts';

/**
 * A command: its name and body as the interface has them, and what is stored under the identities that it names. The
 * last three have no place in the interface.
 */
export type AccountCommand =
  /** `otherName`: the account exists with another holder name (which is stored outside the account's events). */
  | ({ readonly name: 'open-account'; readonly account: string; readonly otherName?: boolean } & Decided)
  | { readonly name: 'activate-service'; readonly body: { readonly product: string } }
  | { readonly name: 'switch-post-paid'; readonly body: PostPaidSwitch }
  | { readonly name: 'set-limits'; readonly body: Limits }
  | ({ readonly name: 'deposit' } & Deposit)
  | { readonly name: 'buy-packs'; readonly body: Purchase }
  | { readonly name: 'return-pack'; readonly body: { readonly pack: string } }
  | { readonly name: 'agree-price'; readonly body: Agreement }
  | ({ readonly name: 'correct-usage' } & Correction)
  | ({ readonly name: 'credit' } & Credit)
  | { readonly name: 'suspend'; readonly body: { readonly note: string } }
  | { readonly name: 'lift-suspension' }
  | { readonly name: 'open-dispute'; readonly body: Opening }
  /** `adjustments` are decided first, each like a command of its own; all events are one append. */
  | {
      readonly name: 'resolve-dispute';
      readonly body: Resolution;
      readonly adjustments: readonly AccountCommand[];
    }
  | ({ readonly name: 'close-month'; readonly body: { readonly month: Month } } & Decided)
  | { readonly name: 'attach-evidence'; readonly body: Evidence }
  /** Records what is due at the earliest due instant up to now; no events if nothing is due. */
  | { readonly name: 'pass-time' }
  | FollowUp;

/** In a replay: the version of the rules that decided the recorded event. New commands use the current version. */
interface Decided {
  readonly rules?: number | undefined;
  /** Likewise, of a close: the version of the rating rules. */
  readonly rating?: string | undefined;
}

/** Decides a command. `account` is null before the account is opened. */
export const decide = (
  account: Account | null,
  command: AccountCommand,
  context: DecisionContext,
): Decision<AccountEvent> => {
  const decision = account === null ? unopened(command, context) : bounded(account, command, context);
  // The adjustments of a resolution already include their notices.
  if (decision.outcome === 'refused' || command.name === 'resolve-dispute') return decision;
  return accept(...withNotices(account, decision.events, context));
};

const unopened = (command: AccountCommand, context: DecisionContext): Decision<AccountEvent> => {
  if (command.name !== 'open-account') return refuse('account_unknown', 'there is no such account');
  const rules = rulesFor(command, context);
  const data = { account: command.account, ...(rules === undefined ? {} : { rules }) };
  return accept(event('AccountOpened', context.at, data));
};

const rulesFor = ({ rules }: Decided, { again = false }: DecisionContext): number | undefined =>
  again ? rules : CURRENT_RULES;

const versionsFor = (command: Decided, context: DecisionContext) => ({
  rules: rulesFor(command, context),
  rating: (context.again ? command.rating : undefined) ?? CURRENT_RATING,
});

/** Commands that increase the size of the next close; refused where it would become too large. */
const GROWING: ReadonlySet<AccountCommand['name']> = new Set([
  'activate-service',
  'buy-packs',
  'return-pack',
  'agree-price',
  'correct-usage',
  'credit',
  'open-dispute',
  'resolve-dispute',
]);

const bounded = (
  account: Account,
  command: AccountCommand,
  context: DecisionContext,
): Decision<AccountEvent> => {
  const decision = decided(account, command, context);
  const isBounded = GROWING.has(command.name) && !context.again;
  return isBounded ? unlessTooMuch(account, decision, context.calendar) : decision;
};

const decided = (
  account: Account,
  command: AccountCommand,
  context: DecisionContext,
): Decision<AccountEvent> => {
  const { at, calendar } = context;
  if (command.name === 'pass-time') return accept(...passTime(account, at, context));
  if (at < account.commandAt) {
    const last = instantText(account.commandAt);
    const shown = calendar.textOf(account.commandAt);
    return refuse('out_of_order', `at: the account's last command happened at ${shown}`, {
      field: 'at',
      last,
    });
  }
  switch (command.name) {
    case 'open-account':
      return command.otherName
        ? refuse('account_exists', `${command.account} is open under another name`, {
            account: command.account,
          })
        : accept();
    case 'activate-service':
      return activateService(account, command.body.product, context);
    case 'switch-post-paid':
      return switchPostPaid(account, command.body, context);
    case 'set-limits':
      return setLimits(account, command.body, context);
    case 'deposit':
      return deposit(account, command, context);
    case 'buy-packs':
      return buyPacks(account, command.body, context);
    case 'return-pack':
      return returnPack(account, command.body, context);
    case 'agree-price':
      return agreePrice(account, command.body, context);
    case 'correct-usage':
      return correctUsage(account, command, context);
    case 'credit':
      return credit(account, command, context);
    case 'suspend':
      return isSuspendedFor(account, PROHIBITED)
        ? accept()
        : accept(event('AccountSuspended', at, { reason: PROHIBITED, note: command.body.note }));
    case 'lift-suspension':
      return isSuspendedFor(account, PROHIBITED)
        ? accept(event('SuspensionLifted', at, { reason: PROHIBITED }))
        : accept();
    case 'open-dispute':
      return openDispute(account, command.body, context);
    case 'attach-evidence':
      return attachEvidence(account, command.body, context);
    case 'resolve-dispute':
      return resolved(account, command, context);
    case 'close-month':
      return closeMonth(account, { ...command.body, ...versionsFor(command, context) }, context);
    case 'notify-unpriced':
      return notifyUnpriced(account, command.body, context);
    default:
      return unreachable(command);
  }
};

const resolved = (
  account: Account,
  { body, adjustments }: Extract<AccountCommand, { name: 'resolve-dispute' }>,
  context: DecisionContext,
): Decision<AccountEvent> => {
  const ending = resolveDispute(account, body, context);
  if (ending.outcome === 'refused') return ending;
  const events: AccountEvent[] = [];
  let adjusted: Account | null = account;
  for (const adjustment of adjustments) {
    const decision = decide(adjusted, adjustment, context);
    if (decision.outcome === 'refused') return decision;
    events.push(...decision.events);
    adjusted = fold(adjusted, decision.events);
  }
  const wrong = adjustments.length > 0 ? adjustsNothing(account, body.dispute, events) : null;
  return wrong ?? accept(...events, ...ending.events);
};

/** The refusal of an adjustment that changes nothing, or changes records of a month other than the disputed bill's. */
const adjustsNothing = (account: Account, dispute: string, events: readonly AccountEvent[]) => {
  if (events.length === 0)
    return refuse(
      'invalid_request',
      'outcome: the credit was given before, or the counts are what they were',
      {
        field: 'outcome',
      },
    );
  const month = account.disputes.find((one) => one.dispute === dispute)?.month;
  const other = events.find(
    (one) => one.type === 'UsageCorrected' && one.data.tallies.some((tally) => tally.month !== month),
  );
  return other
    ? refuse('invalid_request', `corrections: the disputed bill is of ${month}`, { field: 'corrections' })
    : null;
};

const PROHIBITED: SuspensionReason = 'prohibited';

const notifyUnpriced = (
  account: Account,
  { month, meter, quantity }: FollowUp['body'],
  context: DecisionContext,
): Decision<AccountEvent> => {
  const { at } = context;
  if (account.unpriced.includes(`${month} ${meter}`)) return accept();
  const channels = accountChannels(account, at, context);
  const notices = [notice('price_not_agreed', at, channels, { month, meter, quantity })];
  return accept(event('NoticesRaised', at, { notices, scheduled: [] }));
};
