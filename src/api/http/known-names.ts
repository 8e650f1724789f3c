/** Validates names of the catalogue in requests; for an unknown one the nearest is suggested. */
import { editionsOf, meterExists, productOf } from '../../domain/catalogue.ts';
import { nearest } from '../../text/nearest.ts';
import type { Api } from './api.ts';
import { ApiProblem } from './problems/problem.ts';

/** Names that are compared with an unknown one. */
const COMPARED_MAX = 500;

/** Throws `meter_unknown` for a meter that no price book has. */
export const checkMeter = ({ ledger }: Api, meter: string | undefined): void => {
  if (meter === undefined || meterExists(ledger.catalogue(), meter)) return;
  const meant = nearestOf(ledger, meter, ({ meters }) => meters);
  throw new ApiProblem('meter_unknown', `no price book has the meter ${meter}${asked(meant)}`, {
    meter,
    ...(meant === null ? {} : { nearest: meant }),
  });
};

/** Why an interface is invalid. */
export const interfaceUnknown = ({ ledger }: Api, id: string): ApiProblem => {
  const meant = nearestOf(ledger, id, ({ interfaces }) => interfaces);
  return new ApiProblem(
    'interface_unknown',
    `no price book in force has the interface ${id}${asked(meant)}`,
    { interface: id, ...(meant === null ? {} : { nearest: meant }) },
  );
};

type Books = ReturnType<typeof editionsOf>;
type Named = readonly { readonly id: string }[];

const nearestOf = (
  ledger: Api['ledger'],
  id: string,
  idsOf: (book: Books[number]['book']) => Named,
): string | null => {
  const catalogue = ledger.catalogue();
  const own = editionsOf(catalogue, productOf(id));
  const editions = own.length > 0 ? own.slice(-1) : catalogue.published;
  const ids = new Set(editions.flatMap(({ book }) => idsOf(book).map((one) => one.id)));
  return nearest(id, [...ids].slice(0, COMPARED_MAX));
};

const asked = (meant: string | null): string => (meant === null ? '' : `; did you mean ${meant}?`);
