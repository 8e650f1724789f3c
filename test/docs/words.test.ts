/** Documents use the field's terms: the words below have one, and docs/glossary.md explains what is left of our own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './shell-blocks.ts';

/** What is not written, and what is. */
const INSTEAD: readonly (readonly [pattern: RegExp, term: string])[] = [
  [/\bfacts?\b/i, 'event'],
  [/\bletters?\b(?<!dead letters?)/i, 'message'],
  [/\bevery no\b|\ba no is\b/i, 'error code, refusal'],
  [/\bmend(s|ed)?\b/i, 'correct, repair'],
  [/\bmade anew\b|\bbuilt again\b|\bread anew\b/i, 'rebuilt'],
  [/\bwhat became of\b|\bwhat .{1,20} came to\b/i, 'outcome'],
  [/\bis no (size|number|time zone|setting|month|JSON)\b/i, 'is not a valid …'],
  [/\b(is|are) told (so|soon|apart)\b/i, 'notified, refused, distinguished'],
  [/\bunder way\b/i, 'in progress'],
  [/\bexpected length\b/i, 'expected version'],
  [/\bzone of names\b/i, 'namespace'],
];

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && file !== 'glossary.md')
    .map((file) => join('docs', file)),
];

/** A document's own words: without code, links' targets and its generated tables. */
const wordsOf = (file: string): string =>
  readFileSync(join(ROOT, file), 'utf8')
    .replace(/```[\s\S]*?^\s*```/gm, '')
    .replace(/`[^`]*`/g, '')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/\s+/g, ' ');

test.each(documents)('%s', (file) => {
  const words = wordsOf(file);
  const found = INSTEAD.flatMap(([pattern, term]) => {
    const [phrase] = pattern.exec(words) ?? [];
    return phrase === undefined ? [] : [`"${phrase}": write ${term}`];
  });
  expect(found).toEqual([]);
});
