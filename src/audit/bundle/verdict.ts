/** The verdict of a verification. */
import type { Checkpoint } from '../../checkpoint/note.ts';
import type { Part } from './format.ts';

/**
 * One problem, with the event concerned; a problem of no particular event names the close of the bundle's bill. Stream
 * and revision are null if the file's account is unknown.
 */
export interface Finding {
  readonly part: Part | 'file';
  readonly stream: string | null;
  readonly revision: number | null;
  /** The field that differs, or the name of a check. */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

export interface Verdict {
  /** Whether there are no findings. Also check `signedBy` and `isKeyHeld`. */
  readonly ok: boolean;
  readonly account: string | null;
  readonly month: string | null;
  readonly ledger: string | null;
  /** The ledger's billing zone. */
  readonly zone: string | null;
  readonly bill: {
    readonly due: string | null;
    readonly total: string | null;
    readonly digest: string;
  } | null;
  readonly checkpoint: { readonly size: number; readonly root: string; readonly time: string } | null;
  /** The checkpoint, for comparison with others. */
  readonly note: Checkpoint | null;
  readonly signedBy: string | null;
  /** Whether the signing key is one of the caller's keys, or vouched for by one; null: no keys were given. */
  readonly isKeyHeld: boolean | null;
  readonly events: number;
  readonly records: number;
  readonly findings: readonly Finding[];
  readonly doesNotProve: readonly string[];
}

export type Report = (
  part: Finding['part'],
  what: string,
  expected: unknown,
  found: unknown,
  event?: { readonly stream: string; readonly revision: number },
) => void;

const MOST = 100;
const TEXT_MAX = 400;

/** Collects the first hundred findings; then it is full, and verification may stop. */
export const openReport = (): { findings: Finding[]; report: Report; isFull: () => boolean } => {
  const findings: Finding[] = [];
  const shown = (value: unknown): string => {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
    return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
  };
  return {
    findings,
    isFull: () => findings.length >= MOST,
    report: (part, what, expected, found, event) => {
      if (findings.length >= MOST) return;
      const { stream = null, revision = null } = event ?? {};
      findings.push({ part, stream, revision, what, expected: shown(expected), found: shown(found) });
    },
  };
};
