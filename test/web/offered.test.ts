/**
 * Every command of the API that a person gives is offered by a page. Made from the table of routes: a new one must be
 * offered, or say here why no person gives it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openApi } from '../../src/api/openapi/document.ts';
import { ROUTES } from '../../src/api/routes/all.ts';

const PAGES = fileURLToPath(new URL('../../web/src', import.meta.url));

/** Why no person gives a command. */
const OF_PROGRAMS: Readonly<Record<string, string>> = {
  'POST /usage': 'programs report usage; a person corrects single records',
  'POST /price-books/lint': 'records nothing: the draft of an edition is checked by it as one types',
};

/** What is not offered yet; nothing may be added. */
const MISSING: readonly string[] = [];

const texts = readdirSync(PAGES, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx$/.test(name))
  .map((name) => readFileSync(join(PAGES, name), 'utf8'));
const { paths } = openApi(ROUTES, '') as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
};
const commands = ROUTES.filter(({ method }) => method !== 'GET').map(({ method, path }) => {
  const own = paths[`/v1${path.replace(/:([a-z]+)/gi, '{$1}')}`]?.[method.toLowerCase()];
  return { name: `${method} ${path}`, call: own?.operationId ?? '' };
});

/** Offered: a component gives a dialog of a command the call of the client. */
const isOffered = (call: string): boolean =>
  texts.some((text) => text.includes('<CommandDialog') && text.includes(`client.${call}(`));

test('every command that a person gives is offered by a dialog of a page', () => {
  expect(commands.length).toBeGreaterThan(20);
  const missing = commands.filter(({ name, call }) => !isOffered(call) && !(name in OF_PROGRAMS));
  expect(missing.map(({ name }) => name).sort()).toEqual([...MISSING].sort());
});

test('what only programs give is of the table, and offered by no dialog', () => {
  const names = commands.map(({ name }) => name);
  for (const name of Object.keys(OF_PROGRAMS)) {
    expect(names).toContain(name);
    expect(isOffered(commands.find((one) => one.name === name)?.call ?? ''), name).toBe(false);
  }
});
