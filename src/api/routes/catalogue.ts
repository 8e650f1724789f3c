/** Price books: published once, never changed. */
import * as z from 'zod';
import { inTurns, nextTurn, openPauses } from '../../async/pauses.ts';
import { exampleProblemsInSteps } from '../../domain/book-examples.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { type Edition, nameOf } from '../../domain/catalogue.ts';
import type { Decision } from '../../domain/decision.ts';
import type { PriceBookFile } from '../../domain/price-book.ts';
import { bookProblemsInSteps } from '../../domain/price-book-problems.ts';
import { priceBookFileSchema, sentPriceBookSchema } from '../../domain/price-book-schema.ts';
import { type Cliff, meterCliffs } from '../../domain/price-cliffs.ts';
import { publishEditionInSteps } from '../../domain/publish.ts';
import { bookInSteps } from '../../input/price-book-input.ts';
import { CATALOGUE, editionInSteps } from '../../ledger/system/catalogue.ts';
import type { Reply } from '../http/call.ts';
import { systemEvents } from '../http/commands/would-record.ts';
import { ApiProblem, throwRefusal } from '../http/problems/problem.ts';
import { pageOf } from '../http/reads/paging.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const named = z.object({ product: z.string().max(100), edition: z.string().max(100) });
/** Any object, as received: a record schema would drop `__proto__`, which must be refused like other unknown fields. */
const anyJson = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);
const priceBook = sentPriceBookSchema.meta({
  id: 'PriceBook',
  description: 'A price book: one product’s edition, and examples that prove it.',
});
const shownBook = priceBookFileSchema.meta({
  id: 'PublishedPriceBook',
  description: 'A price book as published, with its examples.',
});

/** A price book, parsed and checked; throws `book_malformed` with the first problem. */
const checkedBook = async (body: unknown): Promise<PriceBookFile> => {
  await nextTurn();
  const parsed = await inTurns(bookInSteps(body, LISTED_MAX));
  const [problem] = parsed.ok ? await inTurns(bookProblemsInSteps(parsed.book)) : parsed.problems;
  if (parsed.ok && !problem) return parsed.book;
  const field = problem?.path ?? 'body';
  throw new ApiProblem('book_malformed', `${field}: ${problem?.message}`, { field });
};

const publish = route({
  method: 'PUT',
  path: '/price-books/:product/:edition',
  scope: 'admin',
  tag: 'Price books',
  what: 'Publish an edition',
  params: named,
  query: shape.nothing,
  body: anyJson,
  bodySchemas: { 'application/json': priceBook },
  answers: {
    201: { what: 'published', schema: shape.edition },
    200: { what: 'is published already', schema: shape.edition },
  },
  example: { path: '/price-books/sms/2019-01', body: 'example-book', status: 201 },
  handle: async (api, { params, body }) => {
    const edition = await editionAsked(params, body);
    await api.clock.ready();
    const decision = await api.ledger.publish(edition, api.clock.now());
    const position = (await api.ledger.store.end()) ?? '0';
    return { ...published(edition, decision), headers: { 'Ledger-Position': position } };
  },
  tryOut: async (api, { params, body }) => {
    const edition = await editionAsked(params, body);
    await api.clock.ready();
    const { ledger, clock } = api;
    const steps = publishEditionInSteps(ledger.catalogue(), edition, clock.now(), ledger.calendar);
    const decision = await inTurns(steps);
    const events = decision.outcome === 'refused' ? [] : decision.events;
    const each = events.map(({ book, digest }) => ['PriceBookPublished', { digest, book }] as const);
    const wouldRecord = await systemEvents(api, CATALOGUE, clock.now(), ...each);
    return { ...published(edition, decision), wouldRecord };
  },
});

/** The edition of a request, which its path must name; throws `invalid_request` or `book_malformed`. */
const editionAsked = async (
  params: z.infer<typeof named>,
  body: Record<string, unknown>,
): Promise<Edition> => {
  const { product, edition } = body;
  for (const [field, own, path] of [
    ['product', product, params.product],
    ['edition', edition, params.edition],
  ] as const) {
    if (own !== path) throw new ApiProblem('invalid_request', `${field}: is ${path} in the path`, { field });
  }
  return inTurns(editionInSteps(await checkedBook(body)));
};

const published = (edition: Edition, decision: Decision<Edition>): Reply => {
  if (decision.outcome === 'refused') return throwRefusal(decision.refusal);
  return { status: decision.events.length > 0 ? 201 : 200, body: inShort(edition) };
};

const inShort = ({ book, digest }: Edition) => ({
  product: book.product,
  edition: book.edition,
  effectiveFrom: book.effectiveFrom,
  digest,
});

const listed = shape.edition.extend({ name: z.object({ zh: z.string(), en: z.string() }) });
const list = route({
  method: 'GET',
  path: '/price-books',
  scope: 'read',
  tag: 'Price books',
  what: 'Published editions, in the order of their publication',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(listed) } },
  example: { path: '/price-books', status: 200 },
  handle: async (api, { query }) => {
    const { items, next } = pageOf(
      api.ledger.catalogue().published.filter(({ broken }) => !broken),
      query,
    );
    const shown = items.map((edition) => ({ ...inShort(edition), name: edition.book.name }));
    return { status: 200, body: { items: shown, next } };
  },
});

const show = route({
  method: 'GET',
  path: '/price-books/:product/:edition',
  scope: 'read',
  tag: 'Price books',
  what: 'A book as published',
  params: named,
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'the book', schema: shownBook } },
  example: { path: '/price-books/face-recognition/2019-01', status: 200 },
  handle: async (api, { params: { product, edition } }) => {
    const found = api.ledger
      .catalogue()
      .published.find((one) => nameOf(one).product === product && nameOf(one).edition === edition);
    if (!found) {
      throw new ApiProblem('book_unknown', `no price book ${product} ${edition} is published`, {
        product,
        edition,
      });
    }
    const { book, examples } = found;
    return { status: 200, body: examples ? { ...book, examples } : book };
  },
});

const warning = z.object({ meter: z.string(), at: shape.count, costs: z.string(), next: z.string() });
/** Limit on listed problems and warnings; the answer has their total number. */
const LISTED_MAX = 1_000;
const truncated = z.object({ problems: shape.count, warnings: shape.count });

const lint = route({
  method: 'POST',
  path: '/price-books/lint',
  scope: 'read',
  tag: 'Price books',
  what: 'Check a book: what keeps it from being published, and where one more call lowers the bill',
  params: shape.nothing,
  query: shape.nothing,
  body: anyJson,
  bodySchemas: { 'application/json': priceBook },
  answers: {
    200: {
      what: 'what was found',
      schema: z.object({
        problems: z.array(z.object({ path: z.string(), message: z.string() })),
        warnings: z.array(warning),
        truncated: truncated
          .optional()
          .describe(
            `how many were found, where more than ${LISTED_MAX}; of a book that is junk not all are looked for`,
          ),
      }),
    },
  },
  example: { path: '/price-books/lint', body: 'example-book', status: 200 },
  // It records nothing either way.
  handle: async (api, { body }) => linted(body, api.ledger.calendar),
  tryOut: async (api, { body }) => linted(body, api.ledger.calendar),
});

const linted = async (body: unknown, calendar: Calendar): Promise<Reply> => {
  // To read its JSON was a turn of its own.
  await nextTurn();
  const parsed = await inTurns(bookInSteps(body, LISTED_MAX));
  let problems = parsed.ok ? await inTurns(bookProblemsInSteps(parsed.book)) : parsed.problems;
  if (parsed.ok && problems.length === 0)
    problems = await inTurns(exampleProblemsInSteps(parsed.book, parsed.book.examples ?? [], calendar));
  const warnings: Cliff[] = [];
  const eachMeter = openPauses(1);
  for (const meter of parsed.ok && problems.length === 0 ? parsed.book.meters : []) {
    const turn = eachMeter();
    if (turn) await turn;
    for (const cliff of meterCliffs(meter)) warnings.push(cliff);
  }
  const isLong = Math.max(problems.length, warnings.length) > LISTED_MAX;
  return {
    status: 200,
    body: {
      problems: problems.slice(0, LISTED_MAX).map(({ path, message }) => ({ path, message })),
      warnings: warnings.slice(0, LISTED_MAX),
      ...(isLong ? { truncated: { problems: problems.length, warnings: warnings.length } } : {}),
    },
  };
};

export const catalogueRoutes: readonly Route[] = [publish, list, show, lint];
