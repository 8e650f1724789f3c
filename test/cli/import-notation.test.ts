/**
 * What a line says counts, not how it writes it: under one id the same values are one command, for every command and
 * every field that has more than one notation.
 */
import { expect, test } from 'vitest';
import type * as z from 'zod';
import { parseLine } from '../../src/import/lines.ts';
import { type CommandName, commandSchemas, isCommandName } from '../../src/input/commands.ts';
import { valueTexts } from '../../src/input/same-content.ts';
import { unwrapped } from '../../src/input/schema-walk.ts';
import { activate, command, imported, open, usage } from './imported-lines.ts';

const LADDER = {
  ...{ mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1 },
  tiers: [{ above: 0, upTo: null, unitPrice: '0.10' }],
};
/** Of each command all fields. */
const FULL: Readonly<Record<CommandName, Readonly<Record<string, unknown>>>> = {
  'open-account': { name: '' },
  'activate-service': { product: 'ocr' },
  'switch-post-paid': { product: 'ocr', postPaid: 'off' },
  'set-limits': { spend: null, notifyAt: [], lowBalance: null },
  deposit: { amount: '7.00', reference: 'wire' },
  'buy-packs': { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 },
  'return-pack': { pack: 'pack-000001' },
  'agree-price': {
    meter: 'ocr/id-card',
    from: '2019-01',
    until: '2019-02',
    ladder: LADDER,
    discount: undefined,
  },
  'correct-usage': { source: '/g', record: 'r', calls: 5, quantities: undefined, reason: 'why' },
  credit: { amount: '7.00', reference: 'wire', reason: 'why', pack: 'pack-000001' },
  suspend: { reason: 'prohibited', note: '' },
  'lift-suspension': { reason: 'prohibited' },
  'close-month': { month: '2019-01' },
  'open-dispute': { month: '2019-01', meter: 'ocr/id-card', reason: 'why', by: 'acme' },
  'resolve-dispute': {
    ...{ dispute: 'acme:1', outcome: 'adjusted', note: 'why', by: 'op' },
    ...{ credit: { amount: '7.00', reference: 'c' }, corrections: [] },
  },
};

const encoded = (text: string) => new TextEncoder().encode(text);
const hashOf = (name: string, body: object): string | undefined => {
  const line = { at: '2019-01-01T00:00:00+08:00', command: name, account: 'acme', id: 'one', ...body };
  const bytes = encoded(JSON.stringify(line));
  const parsed = parseLine({ bytes, length: bytes.length });
  return parsed?.kind === 'command' ? parsed.content.hash : undefined;
};

/** A text that means the same: `7.00` as `7`, `0.10` as `0.1`. */
const otherwise = (schema: z.ZodType, value: unknown): unknown => {
  const own = unwrapped(schema);
  if (typeof value === 'string') return valueTexts.has(own) ? value.replace(/\.?0+$/, '') : value;
  const { shape, element } = own as { shape?: Record<string, z.ZodType>; element?: z.ZodType };
  if (Array.isArray(value) && element) return value.map((one) => otherwise(element, one));
  if (typeof value !== 'object' || value === null || !shape) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, otherwise(shape[name] as z.ZodType, one)]),
  );
};

test.each(Object.keys(commandSchemas).filter(isCommandName))('%s', (name) => {
  const full = FULL[name];
  const schema = commandSchemas[name];
  expect(Object.keys(full).sort()).toEqual(Object.keys(schema.shape).sort());
  const hash = hashOf(name, full);
  expect(hash).toBeDefined();
  expect(hashOf(name, otherwise(schema, full) as object)).toBe(hash);
  for (const [field, own] of Object.entries(schema.shape)) {
    if (!(own as z.ZodType).safeParse(undefined).success) continue;
    // One of the two must be there.
    if (['calls', 'quantities', 'ladder', 'discount'].includes(field)) continue;
    const { [field]: given, ...others } = full;
    const without = hashOf(name, others);
    expect([field, without]).not.toEqual([field, undefined]);
    expect([field, hashOf(name, { ...full, [field]: null })]).toEqual([field, without]);
    // A default that is said is the default.
    const fallback = (own as z.ZodType).parse(undefined);
    if (fallback !== undefined) expect([field, given, without]).toEqual([field, fallback, hash]);
  }
});

test('a line that comes again in another notation is a repeat', async () => {
  const deposit = (amount: string) => command('deposit', `,"id":"d","amount":"${amount}","reference":"r"`);
  const buy = (more: string) =>
    command('buy-packs', `,"id":"b","pool":"face-recognition/compare","size":${more}`);
  const lines = [
    ...[open, activate, deposit('200000'), deposit('200000.00'), deposit('200000.0')],
    deposit('200000').replace('2019-01-01T00:00:00+08:00', '2018-12-31T16:00:00.000Z'),
    ...[buy('1000000'), buy('1e6,"quantity":1'), buy('1000000,"quantity":null')],
    ...[deposit('200000.01'), buy('1000000,"quantity":2')],
  ];
  const { result } = await imported(lines);
  expect(result.commands).toEqual({ done: 4, repeated: 5, refused: 2 });
  expect(result.problems.map(({ line, code }) => [line, code])).toEqual([
    [10, 'idempotency_key_reused'],
    [11, 'idempotency_key_reused'],
  ]);
});

test('a record says null where it could say nothing', async () => {
  const { result } = await imported([
    ...[open, activate, usage('1', '"calls":1'), usage('1', '"calls":1,"submitted":null,"recognised":null')],
    usage('2', '"calls":null'),
  ]);
  expect(result.usage).toEqual({ accepted: 1, duplicates: 1, conflicts: 0, refused: 1 });
});
