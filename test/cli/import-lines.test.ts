/** Lines of an import that cannot be read: each is named with its line and what is wrong, kept as it came, and spoils nothing. */
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { LINE_MAX } from '../../src/import/raw-line.ts';
import { growthOf } from '../support/blocks.ts';
import { DOUBLED } from '../support/work.ts';
import { activate, command, imported, KINDS, type Line, open, usage } from './imported-lines.ts';

const AT = '2019-01-01T00:00:00+08:00';

/** GBK for 中 within a line that is UTF-8 otherwise. */
const gbk = Buffer.concat([Buffer.from(usage('x').split('"x"')[0] ?? ''), Buffer.of(0x22, 0xd6, 0xd0)]);
const long = Buffer.alloc(LINE_MAX + 7, 0x78);

const REFUSED: readonly (readonly [name: string, line: Line, field: string, message: RegExp])[] = [
  ['bytes that are not UTF-8', gbk, 'line', /is not UTF-8 \(byte \d+\)/],
  ['an encoded surrogate', Buffer.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'line', /is not UTF-8 \(byte 2\)/],
  ['a line that is too long', long, 'line', /at most 1048576 bytes/],
  ['text', 'garbage', 'line', /not valid JSON/],
  ['half of an object', '{"specversion":', 'line', /not valid JSON/],
  ['two objects', '{} {}', 'line', /not valid JSON/],
  ['a list', '[1]', 'line', /not a JSON object/],
  ['null', 'null', 'line', /not a JSON object/],
  ['nothing that is known', '{"a":1}', 'specversion', /neither a command nor a usage CloudEvent/],
  ['a slip of a name', '{"specvresion":"1.0","id":"1"}', 'specvresion', /did you mean specversion\?/],
  ['a slip of another', '{"comand":"deposit"}', 'comand', /did you mean command\?/],
  ['a number beyond doubles', usage('n1', '"calls":1e400'), 'data.calls', /cannot be held exactly: 1e400/],
  [
    'a number that loses digits',
    usage('n2', '"calls":9007199254740993'),
    'data.calls',
    /cannot be held exactly/,
  ],
  ['a fraction that is one', usage('n3', '"calls":1.0000000000000000001'), 'data.calls', /held exactly/],
  ['a member twice', usage('n4', '"calls":1,"calls":2'), 'data.calls', /twice/],
  [
    'deep JSON',
    `{"specversion":"1.0","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    'x',
    /nested more than 64 deep/,
  ],
];

test.each(REFUSED)('%s is named, kept as it came, and the rest goes on', async (_, line, field, message) => {
  const { result, refused } = await imported([open, activate, line, usage('after')]);
  expect(result.problems).toEqual([
    expect.objectContaining({
      line: 3,
      detail: expect.stringMatching(message),
      field: expect.stringMatching(/./),
    }),
  ]);
  if (!field.startsWith('x')) expect(result.problems[0]?.field).toBe(field);
  expect([result.commands.done, result.usage.accepted]).toEqual([2, 1]);
  expect(refused).toHaveLength(1);
  const [kept] = refused;
  const bytes = Buffer.from(line);
  if (bytes.length > 16 * 1024) expect(JSON.stringify(kept?.record)).toContain(String(bytes.length));
  else if (kept?.base64 !== undefined) expect(Buffer.from(kept.base64, 'base64')).toEqual(bytes);
  else expect(kept?.text ?? JSON.stringify(kept?.record)).toBe(bytes.toString());
});

test('two lines that differ only in bytes that are not UTF-8 are two', async () => {
  const other = Buffer.concat([gbk.subarray(0, -1), Buffer.of(0xc7)]);
  const { result, refused } = await imported([open, gbk, other, gbk]);
  expect(result.problems.map(({ line }) => line)).toEqual([2, 3, 4]);
  // The same refusal of the same content is logged once.
  expect(refused.map(({ base64 }) => Buffer.from(base64 ?? '', 'base64'))).toEqual([gbk, other]);
});

test.each([
  [
    command('deposite'),
    'command',
    /not a known command: deposite, expected open-account, .*; did you mean deposit\?/,
  ],
  [command('x'.repeat(1_000)), 'command', /not a known command: x{60}…/],
  [command('deposit', ',"ammount":"1.00","reference":"r"'), 'ammount', /did you mean amount\?/],
  [command('deposit', ',"amount":"1.00","reference":"r","note":"n"'), 'note', /unknown; known are/],
  [
    `{"at":"${AT}","command":"deposit","acount":"acme","amount":"1","reference":"r"}`,
    'acount',
    /did you mean account\?/,
  ],
  [`{"att":"${AT}","command":"suspend","account":"acme"}`, 'att', /did you mean at\?/],
  [`{"at":"today","command":"suspend","account":"acme"}`, 'at', /not a valid instant, expected RFC 3339/],
  [command('buy-packs', ',"pool":"p/q","size":1e400'), 'size', /cannot be held exactly/],
  [command('agree-price', ',"meter":"p/q","from":"2019-01","ladder":{"mod":"volume"}'), /ladder/, /./],
])('a command that is not one is named, and is not usage: %s', async (line, field, message) => {
  const { result, refused } = await imported([open, line, activate]);
  expect(result.problems).toEqual([
    expect.objectContaining({
      line: 2,
      code: 'invalid_request',
      field: expect.stringMatching(field),
      detail: expect.stringMatching(message),
    }),
  ]);
  expect([result.malformed, result.commands.done, refused]).toEqual([1, 2, []]);
});

test.each(Object.keys(KINDS))('twice as many lines are twice the work: %s', async (kind) => {
  const module = new URL('./imported-lines.ts', import.meta.url);
  const grown = await growthOf(module, 'many', [
    [kind, 0],
    [kind, 400],
    [kind, 800],
  ]);
  expect(grown.blocks).toBeLessThan(DOUBLED);
  expect(grown.steps).toBeLessThan(DOUBLED);
});

test('a byte order mark before the first line is no part of it; before another it is', async () => {
  const { result } = await imported([`\ufeff${open}`, activate, `\ufeff${usage('marked')}`]);
  expect(result.commands.done).toBe(2);
  expect(result.problems).toEqual([expect.objectContaining({ line: 3, field: 'line' })]);
});
