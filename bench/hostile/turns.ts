/**
 * Loaded into a server before it starts: how long its main thread works between two turns of its event loop, in processor
 * time, so that it says the same on a busy machine; and how long in all. Told, and begun anew, to whoever connects to the socket that
 * `BENCH_TURNS` names.
 */
import { createServer } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const path = process.env['BENCH_TURNS'];
if (isMainThread && path) {
  const used = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let longest = 0;
  let since = used();
  let before = since;
  const turn = (): void => {
    const now = used();
    longest = Math.max(longest, now - before);
    before = now;
  };
  setInterval(turn, 1).unref();
  createServer((socket) => {
    turn();
    socket.on('error', () => undefined);
    socket.end(JSON.stringify({ longest, used: before - since }));
    longest = 0;
    since = before;
  })
    .listen(path)
    .unref();
}
