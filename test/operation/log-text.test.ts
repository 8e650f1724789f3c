/** A server's log on a terminal: JSON lines in which text of others is escaped. */
import { expect, test } from 'vitest';
import { openLog } from '../../src/serve/log.ts';

test('a line of the log is one line of JSON, whatever is logged', () => {
  const lines: string[] = [];
  const log = openLog('info', { write: (line) => lines.push(line) });
  const hostile = 'a\u001b[2J\u009b1A\u202eb\r\nc\u2028d\u007f';
  log.error({ account: hostile, err: new Error(hostile) }, hostile);
  log.info({ [hostile]: 1 }, 'a name');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).not.toMatch(/(?!\n)\p{Cc}|[\u2028\u202e]|\n./u);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ account: hostile, msg: hostile });
});
