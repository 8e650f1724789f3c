/** The outcome of an import. */
import type { Instant } from '../domain/calendar.ts';
import type { OutcomeCounts } from '../domain/outcome-counts.ts';

export interface LineProblem {
  readonly line: number;
  readonly code: string;
  readonly field?: string;
  readonly detail: string;
}

export interface ImportResult {
  lines: number;
  readonly commands: { done: number; repeated: number; refused: number };
  readonly usage: OutcomeCounts;
  malformed: number;
  /** Refused commands, conflicts, refused usage and malformed lines, up to `problemsMax`. */
  readonly problems: LineProblem[];
  stopped: boolean;
  /** The latest instant in the file; null for an empty one. */
  latest: Instant | null;
}
