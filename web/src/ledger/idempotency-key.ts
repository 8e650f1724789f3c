/** Keys that make a repeated command act once. */

/** 128 random bits. `randomUUID` is missing where a page came over plain HTTP from another machine. */
export const newIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
