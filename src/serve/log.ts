/** A server's log: a JSON line for each entry, on standard output. */
import pino from 'pino';
import { printableJson } from '../text/printable.ts';

/**
 * A log of entries from a level on. Text from others (an account, an error) is escaped, since it may be read on a
 * terminal.
 */
export const openLog = (
  level: string,
  to: { write(line: string): unknown } = standardOutput(),
): pino.Logger =>
  pino(
    { level, base: null, redact: ['req.headers.authorization'] },
    { write: (line: string) => void to.write(`${printableJson(line.trimEnd())}\n`) },
  );

const STDOUT = 1;
const standardOutput = () => pino.destination({ dest: STDOUT, sync: true });
