/** Documents, comments and messages use the field's terms; docs/glossary.md explains what is left of our own. */
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
  [/\b(is|are) no (size|number|time zone|setting|month|JSON|instant|record|address)\b/i, 'is not a valid …'],
  [/\bhalf of a surrogate pair\b/i, 'unpaired surrogate'],
  [/\bcome to its turn\b/i, 'starve'],
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

const foundIn = (words: string, banned: typeof INSTEAD): string[] =>
  banned.flatMap(([pattern, term]) => {
    const [phrase] = pattern.exec(words) ?? [];
    return phrase === undefined ? [] : [`"${phrase}": write ${term}`];
  });

test.each(documents)('%s', (file) => {
  expect(foundIn(wordsOf(file), INSTEAD)).toEqual([]);
});

const COMMENT = /^\s*\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** Of source: what a comment says. Its code and names in it are not looked at. */
const commentsOf = (text: string): string =>
  [...text.matchAll(COMMENT)]
    .map(([comment]) => comment.replace(/^\s*(\/\*\*|\*\/|\*|\/\/)/gm, ' ').replace(/`[^`]*`/g, ''))
    .join(' ')
    .replace(/\s+/g, ' ');

/** Looked for in comments alone: in code between two texts they are names. */
const NAMES_TOO = new Set(['event', 'message']);

/** Of source: texts of more than one word, which are for people; without what is put into them. */
const messagesOf = (text: string): string =>
  [...text.replace(/^import .*$/gm, '').matchAll(/'([^'\n]* [^'\n]*)'|`([^`\n]* [^`\n]*)`/g)]
    .map(([, plain = '', template = '']) => `${plain}${template.replace(/\$\{[^}]*\}/g, '…')}`)
    .join(' | ');

/** Of comments alone: they say who does what, and which outcome it has. */
const COMMENTED: typeof INSTEAD = [
  [/\b(whoever|whomever|somebody)\b/i, 'the caller, another server, …'],
  [/\bgoes well\b/i, 'succeeds'],
  [/\banew\b|\bmade again\b/i, 'again, rebuilt, retried'],
  [/\b(is|are|was|be) told\b/i, 'notified, reported, distinguished'],
  [/\b(hears|tells) of\b/i, 'is notified of, reports'],
  [/\bhave their turn\b/i, 'are served, not starved'],
  [/\bwithout a word\b/i, 'silently'],
  [/\bspeaks? against\b|\bfound wanting\b|\bheld against\b/i, 'has a problem, is compared with'],
  [/\bdecided again, without bounds\b|\bknew no bounds\b/i, 'a replay, which skips the limits'],
  [/\bthe (very )?same again\b/i, 'identical, unchanged'],
  [/\b(gives|puts?) ((it|them|each) )?back\b/i, 'returns, restores, releases'],
  [/\bbroken off\b/i, 'aborted'],
  [/\b(fall|falls|fell) together\b/i, 'collide'],
  [/\b(writes?|written) down\b/i, 'persisted, recorded'],
  [/\bowe(s|d)\b/i, 'pending'],
  [/\bnot to be had\b/i, 'exhausted, unavailable'],
  [/\bis of no account\b/i, 'irrelevant'],
  [/\bOpens \(and makes\)/i, 'opens or creates'],
  [/\bleft alone for a while\b/i, 'the caller can do other work at each yield'],
  [/\bas it was sealed\b/i, 'whose seal does not match'],
  [/\bwhole in itself\b|\bsound in itself\b/i, 'self-contained, consistent'],
  [/\bWhat (came|comes) (out|of|to|before|back)\b/i, 'the result, earlier events, …'],
  [/\bwould come to\b/i, 'outcome, result'],
  [/\b(seen|sees) to\b/i, 'visited, handled'],
  [/\blives? (by|until|on until)\b/i, 'uses a clock, is caught up'],
  [/\bkept elsewhere\b/i, 'external'],
  [/\b(of|by) no known\b/i, 'unknown'],
  [/\bhanded (on|over|out)\b/i, 'passed on, produced'],
];

/** Of messages alone: they say what is expected instead, and what to do, in plain words. */
const IN_MESSAGES: typeof INSTEAD = [
  [/(?<!there )\b(is|are) no (?!longer\b|more\b)/i, 'is not a valid …, expected …'],
  [/\blives? by\b/i, 'uses a clock'],
  [/\banew\b/i, 'again, rebuilt'],
  [/\bis not taken\b/i, 'not accepted, not supported'],
  [/\b(lies|stands) in the (future|past|way)\b|\blies (at|before)\b/i, 'is'],
  [
    /\b(would come|comes|came|had come) (to|back|out|since|before)\b/i,
    'the result, reached, decodes to, newer',
  ],
  [/\bas (it|they) comes?\b|\bas it came\b/i, 'as received, new events'],
  [/\bkept elsewhere\b/i, 'external'],
  [/\b(is|are) said\b/i, 'declared'],
  [/\banother one (than|lies)\b/i, 'a different …, differs from'],
  [/\bbehind (it|them|a position)\b/i, 'after, follows'],
  [/\bas the last page said\b/i, 'shows'],
  [/\bgoes on\b/i, 'continues, resumes'],
];

/** It is written into bundles, whose bytes stay. */
const STORED = 'audit/bundle/format.ts';
/** Letters of an alphabet. */
const LETTERS = 'eventstore/eventstoredb/address.ts';

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && file !== STORED && file !== LETTERS,
);

test.each(sources)('src/%s', (file) => {
  const text = readFileSync(join(ROOT, 'src', file), 'utf8');
  const code = text.replace(COMMENT, '');
  const inMessages = [...INSTEAD.filter(([, term]) => !NAMES_TOO.has(term)), ...IN_MESSAGES];
  const inComments = [...INSTEAD, ...COMMENTED];
  expect([...foundIn(commentsOf(text), inComments), ...foundIn(messagesOf(code), inMessages)]).toEqual([]);
});
