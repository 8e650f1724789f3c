/** What an import takes for a line, and for text: files, and the reader by itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ByteLine, byteLines } from '../../src/text/byte-lines.ts';
import { commandsOn } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const AT = '2019-01-01T00:00:00+08:00';

const imported = async (text: string) => {
  const folder = temporaryFolder();
  const file = join(folder, 'lines.ndjson');
  writeFileSync(file, text);
  const run = async (...words: string[]) => {
    const { status, json } = await commandsOn(folder)(...words, '--json');
    return { status, json: json() };
  };
  return { ...(await run('import', file)), run };
};

const open = (account: string, name: string): string =>
  `{"at":"${AT}","command":"open-account","account":"${account}","name":"${name}"}`;

test('line separators that JSON may hold as they are do not end a line', async () => {
  const names = ['one\u2028two', 'one\u2029two', 'one\u0085two'];
  const lines = names.map((name, i) => open(`a${i}`, name));
  const { status, json, run } = await imported(lines.join('\r\n'));
  expect([status, json.lines, json.malformed, json.commands.done]).toEqual([0, 3, 0, 3]);
  expect((await run('account', 'a0')).json.name).toBe(names[0]);
});

test('half a surrogate pair is malformed by its field, and the lines around it are imported', async () => {
  const usage = (id: string, calls = '"calls":1'): string =>
    `{"specversion":"1.0","type":"suanpan.usage","source":"/g","id":"${id}","subject":"acme","time":"${AT}","data":{"interface":"face-recognition/compare",${calls}}}`;
  const { status, json } = await imported(
    [
      open('acme', 'Acme'),
      open('beta', '\\ud800'),
      `{"at":"${AT}","command":"credit","account":"acme","amount":"1.00","reference":"r","reason":"\\udfff!"}`,
      `{"at":"${AT}","command":"suspend","account":"acme","note":"","id":"\\ud800"}`,
      `{"at":"${AT}","command":"resolve-dispute","account":"acme","corrections":[{"source":"\\ud83d"}]}`,
      `{"at":"${AT}","command":"activate-service","account":"acme","product":"face-recognition"}`,
      usage('\\ud83d', '"submitted":1'),
      usage('\\ud83d'),
      usage('\\ud83d\\ude00'),
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      `{"at":"${AT}","command":"suspend","account":"acme","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      `{"specversion":"1.0","subject":"acme","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    ].join('\n'),
  );
  const problems = json.problems.map((one: { line: number; code: string; field?: string }) => [
    one.line,
    one.code,
    one.field,
  ]);
  expect(problems).toEqual([
    [2, 'invalid_request', 'name'],
    [3, 'invalid_request', 'reason'],
    [4, 'invalid_request', 'id'],
    [5, 'invalid_request', 'corrections.0.source'],
    [7, 'invalid_record', 'data'],
    [10, 'invalid_request', 'line'],
    [11, 'invalid_request', 'line'],
    [12, 'invalid_record', 'record'],
  ]);
  expect([status, json.commands.done, json.usage.accepted, json.usage.refused]).toEqual([2, 2, 2, 2]);
});

const linesOf = async (pieces: AsyncIterable<Uint8Array>, most: number): Promise<ByteLine[]> =>
  (await Readable.from(byteLines(pieces, most)).toArray()).flat();

test('lines are the same however the bytes come', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '算', '\u2028', '😀', '\n', '\r\n', '\r'),
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (said, size) => {
      const bytes = new TextEncoder().encode(said);
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const expected = said.split('\n');
      if (said === '' || said.endsWith('\n')) expected.pop();
      const lines = await linesOf(Readable.from(chunks), 1_000);
      expect(lines.map((line) => new TextDecoder().decode(line.bytes))).toEqual(expected);
    }),
  );
});

test('a file without line ends does not fill the memory', async () => {
  const chunk = new Uint8Array(1024 * 1024).fill(0x78);
  const endless = async function* () {
    for (let i = 0; i < 100; i++) yield chunk;
    yield new TextEncoder().encode('\nshort');
  };
  const [long, short] = await linesOf(endless(), 1_000);
  expect([long?.bytes.length, long?.length]).toEqual([1_000, 100 * chunk.length]);
  expect([short?.bytes.length, short?.length]).toEqual([5, 5]);
});
