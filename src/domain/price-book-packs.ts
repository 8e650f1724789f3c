/** The packs of a price book: those for sale, and those given (rules.md, section 5). */

/** How long a pack lives; months as rules.md, section 5, counts them, days of the billing zone. */
export type Validity = { readonly months: number } | { readonly days: number };

/** When a pack expires. */
export interface Expiry {
  /** Absent: 12 months. */
  readonly validFor?: Validity;
  /** `end_of_day`: with the day in which the instant lies. Absent: `instant`. */
  readonly expires?: 'instant' | 'end_of_day';
}

export interface PackForSale extends Expiry {
  /** Units; points where the pool has weights. */
  readonly size: number;
  /** Yuan. */
  readonly price: string;
}

/** A pack given at the first activation of the product. */
export interface Grant extends Expiry {
  readonly pool: string;
  readonly size: number;
  readonly validFor: Validity;
}
