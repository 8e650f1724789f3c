// Runs the long checks in their full counts and writes docs/proof.md from what they report; then the mutants of the
// rules, which write docs/mutation.md. With arguments, which choose tests, only those tests run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-proof-'));
const log = join(folder, 'log.ndjson');
const report = join(folder, 'report.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
writeFileSync(log, '');
const { status } = spawnSync('npx', ['vitest', 'run', ...reporters, ...process.argv.slice(2)], {
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

/** What ran on the server that SUANPAN_TEST_ESDB names, and what that server says it is. */
const onServer = async () => {
  const address = process.env.SUANPAN_TEST_ESDB;
  if (!address) return 'On no EventStoreDB: SUANPAN_TEST_ESDB named none.';
  const [, host] = /:\/\/(?:[^@]*@)?([^/?,]+)/.exec(address) ?? [];
  const scheme = address.includes('tls=false') ? 'http' : 'https';
  const { esVersion, dbVersion } = await (await fetch(`${scheme}://${host}/info`)).json();
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ ancestorTitles }) => ancestorTitles.some((title) => title.endsWith(', on a real server')));
  const count = (wanted) => tests.filter((test) => test.status === wanted).length;
  const [passed, failed] = [count('passed'), count('failed')];
  // What was skipped, or could not begin, is neither: nobody shall take it for passed.
  const notRun = tests.length - passed - failed;
  const others = notRun === 0 ? '' : `, ${notRun} did not run`;
  return `On a real EventStoreDB ${dbVersion ?? esVersion} (the server that \`SUANPAN_TEST_ESDB\` named): ${passed} tests passed, ${failed} failed${others}; the checks among them that are counted are marked so.`;
};

writeFileSync(
  new URL('../docs/proof.md', import.meta.url),
  `# Proof

What \`npm run proof\` ran last: the long checks in their full counts.

\`npm test\` runs the same checks on a sample: fewer runs from the same seeds, of pairs (a derived file and its damage, a
page and its theme) each side at least once, in one language where a walk is repeated in the other, and on smaller
ledgers where a process is killed again and again. A row of pairs tells the seconds of their whole file.

Suanpan ${version} (${revision}), Node ${process.versions.node}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}.

${await onServer()}

| check | runs | seconds | result |
| --- | ---: | ---: | --- |
${rows.join('\n')}
`,
);
// Not beside the checks, which need the machine for themselves.
const mutation =
  process.argv.length > 2 ? 0 : spawnSync('node', ['scripts/mutation.js'], { stdio: 'inherit' }).status;
process.exit((status ?? 1) || (mutation ?? 1));
