/** Money by hand: a BigInt of 10⁻¹⁸ yuan. Nothing here rounds unless it says so. */

const PLACES = 18;
export const YUAN = 10n ** BigInt(PLACES);
const CENT = YUAN / 100n;

/** The plain decimal that a text spells. */
export function yuan(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) throw new Error(`not a decimal: ${text}`);
  const units = BigInt(match[2] ?? '0') * YUAN + BigInt((match[3] ?? '').padEnd(PLACES, '0'));
  return match[1] === '-' ? -units : units;
}

/** quantity × price / per; exact, because prices are short and `per` is a power of ten. */
export function priceOf(quantity: number, unitPrice: string, per: number): bigint {
  const product = BigInt(quantity) * yuan(unitPrice);
  if (product % BigInt(per) !== 0n)
    throw new Error(`more than ${PLACES} places: ${quantity} × ${unitPrice} / ${per}`);
  return product / BigInt(per);
}

/** Rounded half-up to 0.01 (section 6); only what is not negative is ever rounded. */
export function toCents(exact: bigint): bigint {
  if (exact < 0n) throw new Error('rounding a negative amount');
  const rest = exact % CENT;
  return exact - rest + (rest * 2n >= CENT ? CENT : 0n);
}

/** exact × rate, rounded once (section 8): the product is formed at twice the places, so nothing is lost before. */
export function shareInCents(exact: bigint, rate: string): bigint {
  const wide = exact * yuan(rate);
  const cent = CENT * YUAN;
  const rest = wide % cent;
  return (wide - rest + (rest * 2n >= cent ? cent : 0n)) / YUAN;
}

/** Two places, for what is already whole cents. */
export function money(amount: bigint): string {
  if (amount % CENT !== 0n) throw new Error(`not whole cents: ${amount}`);
  const cents = (amount < 0n ? -amount : amount) / CENT;
  return `${amount < 0n ? '-' : ''}${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
}

/** All places that are not zero. */
export function decimal(amount: bigint): string {
  const size = amount < 0n ? -amount : amount;
  const part = String(size % YUAN)
    .padStart(PLACES, '0')
    .replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${size / YUAN}${part === '' ? '' : `.${part}`}`;
}
