/** Pages and cursors of lists. */
import { ApiProblem } from '../problems/problem.ts';

/** A page of a list that is at hand, by index. */
export const pageOf = <Item>(
  items: readonly Item[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { items: readonly Item[]; next: string | null } => {
  const from = cursorNumber(cursor);
  const next = from + limit;
  return { items: items.slice(from, next), next: next < items.length ? String(next) : null };
};

/** A cursor that is a number; throws `invalid_request` for another. */
export const cursorNumber = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  if (!DIGITS.test(cursor)) throw unknownCursor();
  return Number(cursor);
};

/** A cursor of two numbers, a revision and a place in it (`12-3`); throws `invalid_request` for another. */
export const cursorPlace = (cursor: string | undefined): readonly [revision: number, place: number] => {
  if (cursor === undefined) return [0, 0];
  const [revision, place, ...more] = cursor.split('-');
  if (revision === undefined || place === undefined || more.length > 0) throw unknownCursor();
  return [cursorNumber(revision), cursorNumber(place)];
};

/** `Number` would read a sign, an exponent, spaces and nothing at all. */
const DIGITS = /^\d{1,15}$/;
const unknownCursor = (): ApiProblem =>
  new ApiProblem('invalid_request', 'cursor: not one that this list gave', { field: 'cursor' });
