/** A verification as people read it. */
import type { Verdict } from '../audit/bundle/verdict.ts';
import { calendarOf, isZone } from '../domain/calendar.ts';
import { instantFromText } from '../input/instant-text.ts';
import { styled } from './style.ts';
import { counted } from './table.ts';

/** Formats what was verified, what was found, and what it does not prove. */
export const verdictText = (verdict: Verdict, compared: readonly string[], ok: boolean): string[] => {
  if (verdict.account === null)
    return [...verdict.findings.slice(0, 1).map(findingText), styled('red', 'not a valid audit bundle')];
  const { account, month, ledger, bill, checkpoint, events, records, findings } = verdict;
  return [
    styled('bold', `bundle of ${account ?? 'no account'} ${month ?? ''}, ledger ${ledger ?? 'unknown'}`),
    ...(bill ? [`bill: due ${bill.due}, total ${bill.total}, digest ${bill.digest}`] : []),
    `${counted(events)} events and ${counted(records)} records decided again`,
    ...(checkpoint
      ? [
          `checkpoint of size ${checkpoint.size}, signed ${signedAt(checkpoint.time, verdict.zone)}, root ${checkpoint.root}`,
        ]
      : []),
    ...(verdict.signedBy ? [`signed by ${verdict.signedBy}`] : []),
    ...keyText(verdict),
    ...findings.slice(0, SHOWN).map(findingText),
    ...(findings.length > SHOWN ? [`… and ${findings.length - SHOWN} more (--json)`] : []),
    ...compared,
    ...(ok ? ['it does not prove', ...verdict.doesNotProve.map((line) => `  ${line}`)] : []),
    ok ? styled('green', 'verified') : styled('red', 'not verified'),
  ];
};

/** In the billing zone with its offset; as in the note if zone or time is invalid. */
const signedAt = (time: string, zone: string | null): string => {
  const at = zone === null || !isZone(zone) ? null : instantFromText(time);
  return at === null || zone === null ? time : calendarOf(zone).textOf(at);
};

const keyText = ({ isKeyHeld, signedBy }: Verdict): string[] => {
  if (!signedBy || isKeyHeld === false) return [];
  return isKeyHeld
    ? ['the key is one you hold, or one that such a key vouches for']
    : [styled('yellow', 'whose key that is was not checked: give the one you hold with --key')];
};

/** Compares external checkpoints. */
export const comparedText = (
  compared: readonly { readonly size: number; readonly inconsistency: string | null }[],
): string[] =>
  compared.map(({ size, inconsistency }) =>
    inconsistency === null
      ? `history still begins with your checkpoint of size ${size}`
      : `${styled('red', 'differs')}: your checkpoint of size ${size}: ${inconsistency}`,
  );

const SHOWN = 10;

const findingText = ({
  part,
  stream,
  revision,
  what,
  expected,
  found,
}: Verdict['findings'][number]): string =>
  `${styled('red', 'differs')}: ${stream === null ? '' : `event ${revision} of ${stream}, `}part ${part}: ${what}: expected ${expected}, found ${found}`;
