/** Cursors of lists with filters and orders: a place in the list, good for the query that gave it alone. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../domain/canonical.ts';
import { ApiProblem } from '../problems/problem.ts';

/** What makes another list of it; how much of it is asked for does not. */
type Query = Readonly<Record<string, string | undefined>>;

const DIGEST = 12;
const CURSOR = /^~([\w-]{12})([\w-]*)$/;

/** The cursor of a place in the list of a query. */
export const queryCursor = (query: Query, place: string): string =>
  `~${digestOf(query)}${Buffer.from(place).toString('base64url')}`;

/** The place that a cursor names; null without one. Throws `invalid_request` for one that another query gave. */
export const placeInQuery = (query: Query, cursor: string | undefined): string | null => {
  if (cursor === undefined) return null;
  const [, digest, text = ''] = CURSOR.exec(cursor) ?? [];
  const place = Buffer.from(text, 'base64url').toString();
  if (digest !== digestOf(query) || queryCursor(query, place) !== cursor)
    throw new ApiProblem('invalid_request', 'cursor: not one that this list gave for this query', {
      field: 'cursor',
    });
  return place;
};

const digestOf = (query: Query): string => {
  const said = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return createHash('sha256').update(canonicalJson(said)).digest('base64url').slice(0, DIGEST);
};
