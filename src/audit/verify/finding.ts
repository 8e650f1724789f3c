/** A finding of the verification of a store. */
import type { Position } from '../../eventstore/event-store.ts';

export interface Finding {
  /** `seal`: the bytes differ from those sealed. `content`: they are as sealed, but invalid or inconsistent. */
  readonly kind: 'seal' | 'content';
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}
