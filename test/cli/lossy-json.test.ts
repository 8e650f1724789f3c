/** JSON in files that people give is read without loss, or refused: what JSON.parse would drop is never acted on. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CONSISTENCY_FORMAT } from '../../src/checkpoint/consistency-proof.ts';
import { proofOf } from '../../src/cli/kept-files.ts';
import { soundBook } from '../price-books/sound-book.ts';
import { commandLine } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';

const folder = folderOfFile();
const at = (name: string): string => join(folder(), name);
const store = (): string => `sqlite:${at('ledger.db')}`;
const file = (content: string): string => {
  writeFileSync(at('given'), content);
  return at('given');
};

let exported: string[];
beforeAll(async () => {
  const life = { at: '2019-01-01T00:00:00+08:00', command: 'open-account', account: 'a', name: 'A' };
  const words = ['import', file(JSON.stringify(life)), '--store', store()];
  expect((await commandLine(words)).status).toBe(0);
  const { stdout } = await commandLine(['export', '-', '--store', store()]);
  exported = stdout.trimEnd().split('\n');
});

/** How JSON may say what is not read as it is written, and what is said of it. */
const LOSSY = [
  ['a member twice', '"x":"0.01","x":"0.0000001"', /stands twice in one object/],
  ['digits that are lost', '"x":10000.0000000000000000001', /cannot be held exactly: 10000\.0{17}/],
  ['a number beyond doubles', '"x":1e400', /cannot be held exactly: 1e400/],
] as const;
/** With other members, so that the name of a field is put in place. */
const named = (members: string, name: string): string => members.replaceAll('"x"', `"${name}"`);

describe.each(LOSSY)('%s is refused', (_, members, why) => {
  const price = JSON.stringify(soundBook).replace('"unitPrice":"0.15"', named(members, 'unitPrice'));
  const size = JSON.stringify(soundBook, null, 2).replace(/"size": 10(?=,)/, named(members, 'size'));

  test.each([price, size])('by price-book lint and publish, which publishes nothing', async (book) => {
    for (const verb of ['lint', 'publish']) {
      const { status, stdout, stderr } = await commandLine([
        ...['price-book', verb, file(book)],
        ...(verb === 'publish' ? ['--store', store()] : []),
      ]);
      expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
      expect(stderr).toMatch(why);
      expect(stderr).toMatch(/given: (meters\.0\.ladder\.tiers\.0\.unitPrice|pools\.0\.packs\.0\.size) /);
    }
    const shown = await commandLine(['price-book', 'show', '--store', store(), '--json']);
    expect(shown.stdout).not.toContain('"toy"');
  });

  test('by load, which makes no ledger', async () => {
    // Outside what a seal covers, and within it: a member twice in data would restore the same bytes.
    for (const [before, behind] of [
      ['{"position":"1",', `{"position":"1",${named(members, 'more')},`],
      ['"data":{', `"data":{${named(members, 'more')},`],
    ] as const) {
      const [first = '', ...rest] = exported;
      const given = file([first.replace(before, behind), ...rest].join('\n'));
      const to = at('loaded.db');
      const { status, stdout } = await commandLine(['load', given, '--store', `sqlite:${to}`, '--json']);
      expect([status, existsSync(to)]).toEqual([1, false]);
      expect(JSON.parse(stdout)).toMatchObject({
        line: 1,
        stream: 'catalogue',
        found: expect.stringMatching(why),
      });
    }
  });

  test('by load in the line that ends the file', async () => {
    const end = exported.at(-1)?.replace('{"end":{', `{"end":{${named(members, 'events')},`) ?? '';
    const given = file([...exported.slice(0, -1), end].join('\n'));
    const { status, stdout } = await commandLine(['load', given, '--store', `sqlite:${at('loaded.db')}`]);
    expect([status, stdout]).toEqual([1, expect.stringContaining('how many events there are')]);
  });

  test('in a proof of consistency that a customer kept', () => {
    const proof = JSON.stringify({ format: CONSISTENCY_FORMAT, from: 1, to: 2, path: [], note: 'n' });
    expect(proofOf('--consistency', file(proof)).to).toBe(2);
    const lossy = file(proof.replace('"to":2', named(members, 'to').replace(/"to":"[^"]*"/g, '"to":2')));
    expect(() => proofOf('--consistency', lossy)).toThrow(
      `--consistency: ${lossy} is not a consistency proof`,
    );
  });
});

test('a book that is read without loss is linted and published, whatever its spaces and its byte order mark', async () => {
  for (const text of [JSON.stringify(soundBook), `\ufeff${JSON.stringify(soundBook, null, 2)}`]) {
    expect((await commandLine(['price-book', 'lint', file(text)])).status).toBe(0);
    const words = [
      'price-book',
      'publish',
      file(text),
      '--store',
      store(),
      '--at',
      '2019-01-01T00:00:00+08:00',
    ];
    expect(await commandLine(words)).toMatchObject({ status: 0, stderr: '' });
  }
});
