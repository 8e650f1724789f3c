/** Names and contacts with characters that are not displayed as written are refused, over HTTP and by an import. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, served, withAccount } from '../support/api.ts';
import { commandsOn } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

const RULE = 'has a control, bidirectional or invisible character';
const HIDDEN = ['\u0000', '\n', '\u001b', '\u0085', '\u200b', '\u200f', '\u202e', '\u2066', '\ufeff'];

const PLACES = [
  ['POST', '/accounts', 'name', (text: string) => ({ account: 'named', name: text })],
  ['POST', '/keys', 'name', (text: string) => ({ name: text, scopes: ['read'] })],
  ['PUT', '/accounts/acme/contacts', 'phone', (text: string) => ({ phone: text })],
  ['PUT', '/accounts/acme/contacts', 'wechat', (text: string) => ({ wechat: text })],
] as const;

test.each(PLACES)('%s %s: %s', async (method, path, field, bodyOf) => {
  for (const character of HIDDEN)
    for (const query of ['', '?dryRun=true']) {
      const { status, body } = await api.send(method, `${path}${query}`, bodyOf(`a${character}b`));
      expect([status, body.code, body.field, body.detail], JSON.stringify(character)).toEqual([
        400,
        'invalid_request',
        field,
        `${field}: ${RULE}`,
      ]);
    }
  const fine = await api.send(method, path, bodyOf('算盘 “Ñandú” عربي हिन्दी 😀'));
  expect(fine.status).toBeLessThan(300);
});

test('the address of e-mail has none either', async () => {
  for (const character of HIDDEN) {
    const { status, body } = await api.send('PUT', '/accounts/acme/contacts', {
      email: `a${character}b@example.com`,
    });
    expect([status, body.field]).toEqual([400, 'email']);
  }
});

test('an import and the command line refuse them too', async () => {
  const folder = temporaryFolder();
  const suanpan = commandsOn(folder);
  const file = join(folder, 'lines.ndjson');
  const line = {
    at: '2019-01-01T00:00:00+08:00',
    command: 'open-account',
    account: 'acme',
    name: 'a\u202eb',
  };
  writeFileSync(file, JSON.stringify(line));
  const imported = await suanpan('import', file, '--json');
  expect(imported.stdout).toContain(RULE);
  const created = await suanpan('keys', 'create', '--name', 'a\u202eb');
  expect([created.status, created.stderr]).toEqual([2, `suanpan: --name: ${RULE}\n`]);
});
