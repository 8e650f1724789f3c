/** Canonical JSON (RFC 8785): equal values have equal texts, so a digest identifies the value. */
import canonicalize from 'canonicalize';

/** The canonical text of a JSON value. Throws for what JSON cannot hold. */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('JSON cannot hold this value');
  return text;
};
