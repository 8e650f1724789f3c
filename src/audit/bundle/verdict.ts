/** The verdict of a verification. */
import type { Checkpoint } from '../../checkpoint/note.ts';
import type { Part } from './format.ts';

/**
 * One thing that is not as it must be, with the event it is about; what is about no event of its own names the close
 * that the bundle is of. Stream and revision are null where it is not known what the file is about.
 */
export interface Finding {
  readonly part: Part | 'file';
  readonly stream: string | null;
  readonly revision: number | null;
  /** What differs: a field, or a check by its name. */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

export interface Verdict {
  /** Nothing was found. See `signedBy` and `isKeyHeld` for whose key signed. */
  readonly ok: boolean;
  readonly account: string | null;
  readonly month: string | null;
  readonly ledger: string | null;
  /** The billing zone in which its months lie. */
  readonly zone: string | null;
  readonly bill: {
    readonly due: string | null;
    readonly total: string | null;
    readonly digest: string;
  } | null;
  readonly checkpoint: { readonly size: number; readonly root: string; readonly time: string } | null;
  /** The checkpoint itself, to compare with others. */
  readonly note: Checkpoint | null;
  readonly signedBy: string | null;
  /** Whether the signing key is one the caller holds, or one that such a key vouches for; null: none was given. */
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

/** Collects findings, the first hundred of them; then it is full, and nothing more needs to be looked for. */
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
