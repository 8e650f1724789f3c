#!/usr/bin/env node
// Runs the command under Node 24 or newer, whatever Node started it: in a checkout npm installs the right one beside it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const source = new URL('../src/cli/main.ts', import.meta.url);
const isCheckout = existsSync(source);
const main = isCheckout ? source : new URL('../dist/cli/main.js', import.meta.url);

/** The npm package `node`, where it is installed: beside this project or in the one that this package is a part of. */
const installedNode = () => {
  try {
    const folder = createRequire(import.meta.url).resolve('node/package.json');
    const binary = fileURLToPath(new URL('bin/node', `file://${folder}`));
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
};

const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0]);

const isNewEnough = () => majorOf(process.version) >= NEEDED;

const adviceOf = () =>
  isCheckout
    ? 'run "npm ci": it installs the right one beside the project'
    : `install Node ${NEEDED}, or put it beside your project with "npm install node@${NEEDED}"; the modules suanpan/client, suanpan/verify, suanpan/price-book and suanpan/domain work with this one`;

const PARENT_LOOKED_AT_MS = 500;
/**
 * Ends this process in order when what started it is gone: npm and npx leave it behind when they are ended by a signal, and
 * `kill $!` of `npx suanpan serve &` must leave no server.
 */
const endWithParent = (end) => {
  if (process.connected) {
    process.on('disconnect', end);
    process.channel.unref();
    return;
  }
  if (process.env.npm_command === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, PARENT_LOOKED_AT_MS);
  timer.unref();
};

if (isNewEnough()) {
  endWithParent(() => process.kill(process.pid, 'SIGTERM'));
  // Starting takes half the time when what was compiled before is found again, by threads too.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
  await import(main.href);
} else {
  const node = installedNode();
  if (!node) {
    console.error(
      `suanpan: the command needs Node ${NEEDED} or newer, this is ${process.version}: ${adviceOf()}`,
    );
    process.exit(2);
  }
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    // By its channel the child sees when this process is gone.
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  endWithParent(() => child.kill('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}
