/** Messages between the identity index and the thread that owns its LevelDB. */

export type Request =
  | { readonly type: 'open' | 'flush' | 'close' }
  | { readonly type: 'watermark' | 'forget'; readonly account: string }
  /** A record's key is the two halves of its fingerprint. */
  | {
      readonly type: 'find';
      readonly account: string;
      readonly keys: readonly (string | readonly [hi: number, lo: number])[];
    }
  /** The numbers of all puts' records, concatenated. */
  | { readonly type: 'put'; readonly puts: readonly Put[]; readonly numbers: Uint32Array };

export interface Put {
  readonly account: string;
  /** Events of the account's stream that are indexed with it. */
  readonly length: number;
  readonly head: string | null;
  /** How many of the records are its own. */
  readonly records: number;
  readonly texts: readonly { readonly key: string; readonly revision: number }[];
}

export type Reply =
  | { readonly type: 'done'; readonly id: number }
  | {
      readonly type: 'watermark';
      readonly id: number;
      readonly length: number;
      readonly head: string | null;
    }
  | {
      readonly type: 'found';
      readonly id: number;
      readonly places: ({ revision: number; ordinal: number } | null)[];
    }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly message: string;
      /** `behind`: the caller must request the account's watermark and re-index. */
      readonly why: 'in-use' | 'behind' | 'broken';
    };

/** Triples of account hash and both halves of a fingerprint, for the filter. */
export interface Prints {
  readonly prints: Uint32Array;
  readonly last: boolean;
}
