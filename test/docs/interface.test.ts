/** docs/interface.md names what there is: every route, setting and command of an import, and shapes as the code has them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes/all.ts';
import { bill as billShape } from '../../src/api/schemas/common.ts';
import { commandSchemas } from '../../src/input/commands.ts';
import { parseUsage } from '../../src/input/usage-event.ts';
import { checkPriceBook } from '../../src/package/price-book.ts';
import { SETTINGS } from '../../src/serve/setting-names.ts';
import { givenLedger } from '../support/given.ts';
import { blocksOf, ROOT } from './shell-blocks.ts';

const FILE = 'docs/interface.md';
const text = readFileSync(join(ROOT, FILE), 'utf8');

/** The cells of the rows of the tables below a heading, up to the next one of its depth or above. */
const rowsBelow = (heading: string): string[][] => {
  const depth = heading.indexOf(' ');
  const below = text.slice(text.indexOf(`\n${heading}\n`) + heading.length + 2);
  const end = below.search(new RegExp(`^#{1,${depth}} `, 'm'));
  return (end < 0 ? below : below.slice(0, end))
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
};
const codes = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
/** The JSON of a section's fenced block. */
const jsonOf = (place: number): unknown =>
  JSON.parse(blocksOf(FILE).filter(({ language }) => language === 'json')[place]?.text ?? '');

describe(FILE, () => {
  test('every route is there once, with the scope that its key needs, and no other', () => {
    const listed = rowsBelow('## HTTP').flatMap(([calls, scopes]) => {
      const each = scopes?.split(', ') ?? [];
      const routes = codes(calls);
      return routes.map((route, i) => `${route} ${routes.length === 1 ? scopes : (each[i] ?? each[0])}`);
    });
    const built = ROUTES.map(({ method, path, scope, ownScope }) => {
      const scopes = ownScope ? `${scope}, ${ownScope}` : scope;
      return `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${scopes}`;
    });
    expect(listed.filter((line) => / \//.test(line)).sort()).toEqual(built.sort());
  });

  test('every setting is there once, with its default, and no other', () => {
    const listed = rowsBelow('## Environment')
      .slice(1)
      .flatMap(([names, , defaults = '']) => {
        const values = defaults.split(', ').map((value) => value.replaceAll('`', '').replace(/^,$/, ''));
        return codes(names).map((name, i) => [name, (values[i] ?? '').replace(/^, ?/, '')]);
      });
    const built = Object.values(SETTINGS).map(([name, , value]) => [name, value]);
    expect(listed.sort()).toEqual(built.sort());
    for (const [flag, [name]] of Object.entries(SETTINGS))
      expect(name).toBe(`SUANPAN_${flag.toUpperCase().replaceAll('-', '_')}`);
  });

  test('what it says of idempotency keys', () => {
    const without = ROUTES.filter(({ method, idempotent }) => method === 'POST' && !idempotent);
    expect(text).toContain("every POST but `/usage`, `/price-books/lint` and a webhook's `/test`");
    expect(without.map(({ path }) => path).sort()).toEqual([
      ...['/price-books/lint', '/usage', '/webhooks/:webhook/test'],
    ]);
  });

  test('every command of an import is there with its fields', () => {
    const listed = Object.fromEntries(
      rowsBelow('## Command line')
        .slice(1)
        .map(([name, fields]) => [codes(name)[0], codes(fields)]),
    );
    const built = Object.entries(commandSchemas).map(([name, { shape }]) => [name, Object.keys(shape)]);
    expect(listed).toEqual(Object.fromEntries(built));
  });

  test('the usage CloudEvent and the price book are accepted', () => {
    expect(parseUsage(jsonOf(1))).toMatchObject({ ok: true, account: 'acme' });
    expect(checkPriceBook(jsonOf(2))).toMatchObject({ ok: true });
  });

  test('the bill is the one that the ledger issues', async () => {
    const given = await givenLedger(['face-recognition']);
    await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '200000', reference: 'wire-1' });
    const packs = { pool: 'face-recognition/search', size: 50_000_000, quantity: 1 };
    await given.has('2019-01-01T00:00:00+08:00', 'buy-packs', packs);
    await given.meters('2019-01-10T08:00:00+08:00', 'face-recognition/search', 52_000_000);
    const bill = await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const hidden = (_: string, value: unknown) =>
      typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? '…' : value;
    expect(jsonOf(3)).toEqual(JSON.parse(JSON.stringify(bill, hidden)));
    const members = Object.keys(billShape.shape).filter((name) => !text.includes(`"${name}"`));
    expect(members.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
