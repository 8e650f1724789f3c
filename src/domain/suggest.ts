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
