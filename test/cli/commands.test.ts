/** What holds for every command of the table: its help, its flags and their rules, its errors for programs. */
import width from 'string-width';
import { describe, expect, test } from 'vitest';
import { type Command, flagsOf } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { COLUMNS } from '../../src/cli/help.ts';
import { commandLine } from '../support/command-line.ts';

/** One line of what is wrong, and exit 2. */
const refused = async (args: readonly string[]): Promise<string> => {
  const { status, stdout, stderr } = await commandLine(args);
  expect([args, status, stdout]).toEqual([args, 2, '']);
  expect(stderr).toMatch(/^suanpan: .+\n$/);
  return stderr;
};

const all = Object.entries(commands);
const flags = all.flatMap(([name, command]) =>
  Object.entries(flagsOf(command)).map(([flag, of]) => ({ name, command, flag, of })),
);
const texts = flags.filter(({ of }) => of.type === 'string');

test('the help of all commands fits a hundred columns and names each', async () => {
  const { status, stdout } = await commandLine(['--help']);
  expect(status).toBe(0);
  for (const line of stdout.split('\n')) expect(width(line), line).toBeLessThanOrEqual(COLUMNS);
  for (const [name] of all) expect(stdout).toContain(`  suanpan ${name}`);
});

describe.each(all)('%s', (name, command: Command) => {
  test('its help fits a hundred columns and names every flag', async () => {
    const { status, stdout } = await commandLine([name, '--help']);
    expect(status).toBe(0);
    for (const line of stdout.split('\n')) expect(width(line), line).toBeLessThanOrEqual(COLUMNS);
    for (const flag of Object.keys(flagsOf(command))) expect(stdout).toContain(`--${flag}`);
    expect(JSON.parse((await commandLine([name, '--help', '--json'])).stdout)).toHaveProperty('usage');
  });

  test('a flag that it does not have is refused, and the nearest named', async () => {
    expect(await refused([name, '--jsno'])).toContain('did you mean --json?');
    expect(await refused([name, '--no-such-flag-at-all'])).toContain(
      'there is no flag --no-such-flag-at-all',
    );
  });

  test('a switch takes no value, and nothing is given twice', async () => {
    expect(await refused([name, '--json=yes'])).toContain('--json takes no value');
    expect(await refused([name, '--help', '--help'])).toContain('--help is given twice');
  });

  test('too many words are refused with its use', async () => {
    const words = Array.from({ length: command.words[1] + 1 }, () => 'list');
    expect(await refused([name, ...words])).toMatch(/usage: suanpan/);
  });

  test('for programs a failure is JSON, and the line stays for people', async () => {
    const { status, stdout, stderr } = await commandLine([name, '--jsno', '--json']);
    const { ok, error } = JSON.parse(stdout);
    expect([status, ok, error.code, error.exit]).toEqual([2, false, 'wrong_use', 2]);
    expect(stderr).toBe(`suanpan: ${error.message}\n`);
  });
});

describe.each(texts)('$name --$flag', ({ name, flag, of }) => {
  test('needs a value, within its rule', async () => {
    expect(await refused([name, `--${flag}`])).toContain(`--${flag} needs a value`);
    expect(await refused([name, `--${flag}`, '--help'])).toContain(`--${flag} needs a value`);
    expect(await refused([name, `--${flag}=`])).toContain(`--${flag}: empty: not a valid`);
    const long = 'x'.repeat(5_000);
    expect(await refused([name, `--${flag}=${long}`])).toContain('not a valid');
    if (of.value?.shown.startsWith('FILE')) return;
    expect(await refused([name, `--${flag}=\ufffd`])).toContain('not valid UTF-8');
  });
});

test('commands are named, and the nearest to one that is not', async () => {
  expect(await refused(['imort', 'x'])).toContain('there is no command imort; did you mean import?');
  expect(await refused(['keys', 'crate'])).toContain('did you mean create?');
  expect((await commandLine([])).status).toBe(2);
});
