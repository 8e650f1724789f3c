// Mutation testing of src/domain: runs Stryker over all of it and writes score and survivors to docs/mutation.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const REPORT = new URL('../.stryker/report.json', import.meta.url);
rmSync(REPORT, { force: true });
const began = Date.now();
const { status } = spawnSync('npx', ['stryker', 'run'], { stdio: 'inherit' });
const minutes = Math.round((Date.now() - began) / 60_000);

/** Mutants by file; those that do not compile or are ignored on purpose count for nothing. */
const files = Object.entries(JSON.parse(readFileSync(REPORT, 'utf8')).files).map(
  ([file, { source, mutants }]) => {
    const of = (...states) => mutants.filter((mutant) => states.includes(mutant.status));
    const killed = of('Killed', 'Timeout').length;
    const alive = of('Survived', 'NoCoverage');
    return { file, lines: source.split('\n'), killed, alive, all: killed + alive.length };
  },
);
const score = (killed, all) => (all === 0 ? '' : ((100 * killed) / all).toFixed(1));
const total = (key) => files.reduce((sum, file) => sum + file[key], 0);

/** The text that a mutant replaces and the one it puts there, on one line. */
const survivor = (lines, { location: { start, end }, replacement, mutatorName, status: state }) => {
  const last = start.line === end.line ? end.column - 1 : undefined;
  const code = (text) => text.replace(/\s+/g, ' ').replaceAll('`', '´').slice(0, 90);
  const more = start.line === end.line ? '' : ' …';
  const original = `${code(lines[start.line - 1].slice(start.column - 1, last))}${more}`;
  const reached = state === 'NoCoverage' ? ', reached by no test' : '';
  return `- ${start.line}: \`${original}\` → \`${code(replacement)}\` (${mutatorName}${reached})`;
};

const rows = files.map(
  ({ file, killed, all }) => `| \`${file}\` | ${all} | ${all - killed} | ${score(killed, all)} |`,
);
const survivors = files
  .filter(({ alive }) => alive.length > 0)
  .map(({ file, lines, alive }) => `## ${file}\n\n${alive.map((one) => survivor(lines, one)).join('\n')}\n`);
const revision = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();

writeFileSync(
  new URL('../docs/mutation.md', import.meta.url),
  `# Mutants of the rules

What \`npm run mutation\` (part of \`npm run proof\`) ran last: Stryker changes \`src/domain\` in one place at a time,
and a specification must fail. What survives is listed below: a rule without a specification, or a change without an
effect. Why it is done, and how to read it: [decision 18](decisions/0018-mutants-of-the-rules.md).

${score(total('killed'), total('all'))} % of ${total('all').toLocaleString('en-US')} mutants killed. Revision ${revision}, Node ${process.versions.node}, ${cpus().length} cores, ${minutes} minutes, ${new Date().toISOString().slice(0, 10)}.

| file | mutants | survived | killed, % |
| --- | ---: | ---: | ---: |
${rows.join('\n')}

${survivors.join('\n')}`,
);
process.exit(status ?? 1);
