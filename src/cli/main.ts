/** The command line. Exit codes: 0: success; 1: a check failed; 2: wrong use, or an external obstacle; 70: a bug. */
import { openOutput } from './output.ts';
import { failed, run } from './run.ts';
import { processStreams } from './standard-streams.ts';

const streams = processStreams();

// Files of a ledger are readable by their owner only, including those that libraries write.
process.umask(process.umask() | 0o077);

// The reader of the output may close it early.
const readerLeft = (error: NodeJS.ErrnoException): void => process.exit(error.code === 'EPIPE' ? 0 : 1);
process.stdout.on('error', readerLeft);
process.stderr.on('error', readerLeft);

// Errors outside a command's promise (in a thread or timer) end the process the same way.
const isJson = process.argv.includes('--json');
const uncaught = (error: unknown): void => process.exit(failed(openOutput(isJson, streams), error));
process.on('uncaughtException', uncaught);
process.on('unhandledRejection', uncaught);

process.exitCode = await run(process.argv.slice(2), streams);
