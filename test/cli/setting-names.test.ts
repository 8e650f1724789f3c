/** A variable of the environment that is no setting is refused by every command, before anything is done. */
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { commandLine } from '../support/command-line.ts';

test.each(Object.keys(commands))('%s refuses a misspelt variable and names the nearest', async (name) => {
  const { status, stderr, stdout } = await commandLine([name], { env: { SUANPAN_STROE: 'sqlite:other.db' } });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toBe(
    'suanpan: SUANPAN_STROE is not a setting of suanpan; did you mean SUANPAN_STORE? (see suanpan serve --help)\n',
  );
});

test.each([['--help'], ['--version'], ['bill', '--help']])('%s %s works nevertheless', async (...args) => {
  expect((await commandLine(args, { env: { SUANPAN_STROE: 'x' } })).status).toBe(0);
});

test.each(['URL', 'KEY', 'TEST_ESDB', 'PROOF_LOG', 'BENCH_ROUNDS'])(
  'SUANPAN_%s is not taken for a misspelt setting',
  async (name) => {
    const { stderr } = await commandLine(['bill'], { env: { [`SUANPAN_${name}`]: 'x' } });
    expect(stderr).not.toContain(name);
  },
);
