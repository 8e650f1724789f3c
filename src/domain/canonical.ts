/** Canonical JSON (RFC 8785): equal values have equal texts, so a digest identifies the value. */
import canonicalize from 'canonicalize';

/** The canonical text of a JSON value. Throws for what JSON cannot hold. */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('JSON cannot hold this value');
  return text;
};

/** Levels that are taken apart: a pack lies four deep in a price book. */
const LEVELS = 4;

/** The same as a generator, so that the caller can do other work at each yield. */
export function* canonicalInSteps(value: unknown, levels = LEVELS): Generator<undefined, string> {
  if (levels === 0 || typeof value !== 'object' || value === null) {
    yield;
    return canonicalJson(value);
  }
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const item of value) parts.push(yield* canonicalInSteps(item, levels - 1));
    return `[${parts.join(',')}]`;
  }
  const members: Readonly<Record<string, unknown>> = { ...value };
  for (const name of Object.keys(members).sort()) {
    if (members[name] === undefined) continue;
    parts.push(`${canonicalJson(name)}:${yield* canonicalInSteps(members[name], levels - 1)}`);
  }
  return `{${parts.join(',')}}`;
}
