/**
 * `suanpan copy FROM TO`, which gives itself a signal some turns of the event loop after it began to copy. Run as a
 * process of its own: copy-signalled.ts FROM TO SIGNAL TURNS.
 */
import { copy } from '../../src/cli/copy-command.ts';
import { openOutput } from '../../src/cli/output.ts';

const [from = '', to = '', signal = '', turns = '0'] = process.argv.slice(2);
let left = Number(turns);
const turn = (): void => {
  // It listens for Ctrl-C from when both stores are open.
  if (process.listenerCount('SIGINT') > 0) left -= 1;
  if (left < 0) process.kill(process.pid, signal);
  else setImmediate(turn);
};
turn();
process.exitCode = await copy.run({ words: [from, to], flags: {}, out: openOutput(true) });
// The turns would go on for ever.
process.exit();
