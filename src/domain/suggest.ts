/** Suggests, in a refusal of an unknown name, the known name nearest to it. */
import { nearest } from '../text/nearest.ts';

/** Names that are compared, at most; a comparison takes microseconds. */
const COMPARED_MAX = 500;

export interface Suggestion {
  /** For the end of the refusal's detail; empty if no known name is near. */
  readonly asked: string;
  /** For the refusal's members. */
  readonly meant: { readonly nearest?: string };
}

/** The suggestion for an unknown name, among the known ones. */
export const suggestion = (given: string, known: Iterable<string>): Suggestion => {
  const others = [...known].filter((name) => name !== given);
  const name = nearest(given, others.slice(0, COMPARED_MAX));
  return name === null
    ? { asked: '', meant: {} }
    : { asked: `; did you mean ${name}?`, meant: { nearest: name } };
};

/** Different names of a batch that get a suggestion: each look costs up to some milliseconds. */
const SUGGESTED_MAX = 3;

/** The same for the names of a batch: the text for the end of a detail, for the first few unknown names. */
export const firstSuggestions = (
  knownFor: (given: string) => Iterable<string>,
): ((given: string) => string) => {
  const told = new Map<string, string>();
  return (given) => {
    const before = told.get(given);
    if (before !== undefined || told.size >= SUGGESTED_MAX) return before ?? '';
    const { asked } = suggestion(given, knownFor(given));
    told.set(given, asked);
    return asked;
  };
};
