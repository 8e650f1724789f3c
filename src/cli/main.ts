/**
 * The command line. Exit 0: fine; 1: a check failed; 2: wrong use, or something outside stands in the way; 70: a fault
 * of the program.
 */
import { openOutput } from './output.ts';
import { failed, run } from './run.ts';
import { processStreams } from './standard-streams.ts';

const streams = processStreams();

// What a ledger writes is read by its owner alone, also what libraries write for it.
process.umask(process.umask() | 0o077);

// The reader of the output may close it early.
const readerLeft = (error: NodeJS.ErrnoException): void => process.exit(error.code === 'EPIPE' ? 0 : 1);
process.stdout.on('error', readerLeft);
process.stderr.on('error', readerLeft);

// What is thrown outside of a command's own promise (a thread, a timer) ends it in the same way.
const isJson = process.argv.includes('--json');
const uncaught = (error: unknown): void => process.exit(failed(openOutput(isJson, streams), error));
process.on('uncaughtException', uncaught);
process.on('unhandledRejection', uncaught);

process.exitCode = await run(process.argv.slice(2), streams);
