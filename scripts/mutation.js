// Mutation testing of src/domain: runs Stryker over all of it, and writes score and survivors to docs/mutation.md.
// What earlier runs found of unchanged code and specifications is kept in .stryker, so a run that was stopped goes on.
// `node scripts/mutation.js --page` writes the page again from the last report.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { WHY } from './surviving-mutants.ts';

const REPORT = new URL('../.stryker/report.json', import.meta.url);
const isPageOnly = process.argv.includes('--page');
const began = Date.now();
if (!isPageOnly) rmSync(REPORT, { force: true });
const { status } = isPageOnly ? { status: 0 } : spawnSync('npx', ['stryker', 'run'], { stdio: 'inherit' });
const minutes = isPageOnly ? '' : `, ${Math.round((Date.now() - began) / 60_000)} minutes`;

/** Mutants by file; those that do not compile or are ignored on purpose count for nothing. */
const files = Object.entries(JSON.parse(readFileSync(REPORT, 'utf8')).files)
  .map(([file, { source, mutants }]) => {
    const of = (...states) => mutants.filter((mutant) => states.includes(mutant.status));
    const killed = of('Killed', 'Timeout').length;
    const alive = of('Survived', 'NoCoverage');
    return { file, lines: source.split('\n'), killed, alive, all: killed + alive.length };
  })
  .filter(({ all }) => all > 0);
const score = (killed, all) => ((100 * killed) / all).toFixed(1);
const total = (key) => files.reduce((sum, file) => sum + file[key], 0);

const onOneLine = (text) => text.replace(/\s+/g, ' ').trim().replaceAll('`', '´').slice(0, 90);

/** Why a survivor stays: the reason that is written down for the code it stands in; undefined where none is. */
const used = new Set();
const whyOf = (file, line) => {
  const found = WHY.find((one) => file.endsWith(`/${one.in}`) && line.includes(one.code));
  if (found) used.add(found);
  return found?.why;
};

/** The text that a mutant replaces and the one it puts there. */
const survivor = (lines, { location: { start, end }, replacement, mutatorName, status: state }) => {
  const first = lines[start.line - 1];
  const last = start.line === end.line ? end.column - 1 : undefined;
  const more = start.line === end.line ? '' : ' …';
  const reached = state === 'NoCoverage' ? ', reached by no specification' : '';
  const original = onOneLine(first.slice(start.column - 1, last)) + more;
  return `\`${original}\` → \`${onOneLine(replacement)}\` (${mutatorName}${reached})`;
};

/** A file's survivors, those of one line together, with the reason why they stay. */
const section = ({ file, lines, alive }) => {
  const lineOf = ({ location }) => location.start.line;
  const places = [...new Set(alive.map(lineOf))]
    .sort((a, b) => a - b)
    .map((line) => {
      const why = whyOf(file, lines[line - 1]) ?? '**not explained**';
      const here = alive.filter((one) => lineOf(one) === line);
      return `- line ${line}: ${why}\n${here.map((one) => `  - ${survivor(lines, one)}`).join('\n')}`;
    });
  return `## ${file}\n\n${places.join('\n')}\n`;
};

const rows = files.map(
  ({ file, killed, all }) => `| \`${file}\` | ${all} | ${all - killed} | ${score(killed, all)} |`,
);
const survivors = files.filter(({ alive }) => alive.length > 0).map(section);
const revision = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();

writeFileSync(
  new URL('../docs/mutation.md', import.meta.url),
  `# Mutants of the rules

What \`npm run mutation\` (part of \`npm run proof\`) ran last: Stryker changes \`src/domain\` in one place at a time,
and a specification must fail. What survives is listed below, by place, with the reason why it stays
(\`scripts/surviving-mutants.ts\`). Why it is done, and how to read it:
[decision 18](decisions/0018-mutants-of-the-rules.md).

${score(total('killed'), total('all'))} % of ${total('all').toLocaleString('en-US')} mutants killed. Revision ${revision}, Node ${process.versions.node}, ${cpus().length} cores${minutes}, ${new Date().toISOString().slice(0, 10)}.

| file | mutants | survived | killed, % |
| --- | ---: | ---: | ---: |
${rows.join('\n')}

${survivors.join('\n')}`,
);
for (const one of WHY)
  if (!used.has(one)) console.error(`a reason without a survivor: ${one.in}, ${one.code}`);
process.exit(status ?? 1);
