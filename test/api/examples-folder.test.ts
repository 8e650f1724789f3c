/** The scripts of examples/ run against a server, as a newcomer runs them; the client they use is the document's. */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { show } from '../../examples/shown.ts';
import { clientText } from '../../scripts/client-text.ts';
import { openApi } from '../../src/api/openapi/document.ts';
import { ROUTES } from '../../src/api/routes/all.ts';
import { ADMIN, served } from '../support/api.ts';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);

test.each([
  ['first-bill', ['due 288.00 with packs 3388.00', 'replays byte for byte: true']],
  ['gateway', ['counted 250']],
  [
    'dispute',
    ['10 of them sent again', 'adjusted by operator-2', '-500000 calls of 2019-01', 'dispute:1 adjusted'],
  ],
])('examples/%s.ts', async (name, lines) => {
  const api = await served();
  try {
    const script = fileURLToPath(new URL(`examples/${name}.ts`, root));
    const env = { ...process.env, SUANPAN_URL: api.base, SUANPAN_KEY: ADMIN };
    const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
      env,
    });
    for (const line of lines) expect(stdout).toContain(line);
  } finally {
    await api.stop();
  }
});

test('the scripts print what a server sent without what would mislead a terminal', () => {
  for (const name of ['first-bill', 'gateway', 'dispute'])
    expect(readFileSync(new URL(`examples/${name}.ts`, root), 'utf8'), name).not.toContain('console.');
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  show('a\u001b[2J\u202eb\n', { name: '\u009b\u2066' });
  expect(printed.mock.calls).toEqual([['a\\u{1b}[2J\\u{202e}b\\u{a} {"name":"\\u{9b}\\u{2066}"}']]);
  printed.mockRestore();
});

test('the client is what the document makes of it (npm run client)', () => {
  const made = spawnSync(
    process.execPath,
    [
      fileURLToPath(new URL('node_modules/@biomejs/biome/bin/biome', root)),
      'format',
      '--stdin-file-path=client/suanpan.ts',
    ],
    { input: clientText(openApi(ROUTES, '')), cwd: fileURLToPath(root), encoding: 'utf8' },
  );
  expect(made.stdout).toBe(readFileSync(new URL('client/suanpan.ts', root), 'utf8'));
});
