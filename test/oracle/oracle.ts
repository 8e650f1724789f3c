/**
 * A naive model of the rules in another style than the ledger: a plain list of accepted facts, and for every question
 * the whole list again. Nothing is kept but the list; slow, short and easy to check against rules.md.
 */
import { money } from './amounts.ts';
import { instant } from './days.ts';
import { factsOf, type World } from './facts.ts';
import { fundsAt, openReasons } from './funds.ts';
import type { Life, LifeOutcome, LineAnswer, OracleBill } from './life.ts';
import { packNow } from './paying.ts';
import { tell } from './telling.ts';

/** A world in which nothing has happened to the account yet. */
export function emptyWorld(books: Life['books']): World {
  return { books: books.map(({ at, book }) => ({ at: instant(at), book })), facts: [] };
}

/** The account as it stands at an instant. */
export function standing(world: World, now: number, answers: readonly LineAnswer[]): LifeOutcome {
  const funds = fundsAt(world, now);
  const reasons = openReasons(funds);
  const bills: { [month: string]: OracleBill } = {};
  for (const fact of factsOf(world, 'closed')) bills[fact.month] = fact.bill;
  return {
    answers,
    bills,
    balance: {
      total: money(funds.total),
      available: money(funds.total - funds.frozen),
      frozen: money(funds.frozen),
    },
    status: reasons.length === 0 ? 'active' : 'suspended',
    suspensions: reasons,
    packs: factsOf(world, 'bought').map((pack) => packNow(world, pack, now)),
  };
}

/** The whole life, with the facts behind its outcome. */
export function tellLife(life: Life): { readonly outcome: LifeOutcome; readonly world: World } {
  const world = emptyWorld(life.books);
  const answers = life.lines.map((line) => tell(world, line));
  const last = life.lines.at(-1);
  return { outcome: standing(world, last === undefined ? 0 : instant(last.at), answers), world };
}

export function runLife(life: Life): LifeOutcome {
  return tellLife(life).outcome;
}
