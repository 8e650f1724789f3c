#!/usr/bin/env node
// Runs the command under Node 24, whatever Node started it: npm installs the pinned one beside the project.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const source = new URL('../src/cli/main.ts', import.meta.url);
const main = existsSync(source) ? source : new URL('../dist/cli/main.js', import.meta.url);

const pinned = () => {
  try {
    const folder = createRequire(import.meta.url).resolve('node/package.json');
    const binary = fileURLToPath(new URL('bin/node', `file://${folder}`));
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
};

// The demonstration says at once that it began: on a slow machine all that it needs takes seconds to load.
if (process.argv[2] === 'demo' && !process.argv.includes('--help') && !process.argv.includes('--json'))
  process.stderr.write('suanpan: starting the demonstration\n');

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  // Starting takes half the time when what was compiled before is found again.
  module.enableCompileCache?.();
  await import(main.href);
} else {
  const node = pinned();
  if (!node) {
    console.error(
      `suanpan needs Node ${NEEDED} or newer, this is ${process.version}: run "npm ci" (it installs one) or upgrade.`,
    );
    process.exit(2);
  }
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code ?? 1)));
}
