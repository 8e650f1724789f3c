// Runs the long checks in their full counts and writes docs/proof.md from what they report.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

const log = join(mkdtempSync(join(tmpdir(), 'suanpan-proof-')), 'log.ndjson');
writeFileSync(log, '');
const { status } = spawnSync('npx', ['vitest', 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, SUANPAN_PROOF: 'full', SUANPAN_PROOF_LOG: log },
});
const checks = readFileSync(log, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const revision = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
const rows = checks.map(
  ({ name, runs, seconds, result }) =>
    `| ${name} | ${runs.toLocaleString('en-US')} | ${seconds} | ${result} |`,
);
writeFileSync(
  new URL('../docs/proof.md', import.meta.url),
  `# Proof

What \`npm run proof\` ran last: the long checks in their full counts.

Suanpan ${version} (${revision}), Node ${process.versions.node}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}.

| check | runs | seconds | result |
| --- | ---: | ---: | --- |
${rows.join('\n')}
`,
);
process.exit(status ?? 1);
