// Loaded into every Node that a document's block starts: on a slow machine a server takes seconds before it listens.
import { basename } from 'node:path';

const [, script = '', command = ''] = process.argv;
if (basename(script) === 'suanpan.js' && command === 'serve')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(process.env.SLOW_START_MS));
