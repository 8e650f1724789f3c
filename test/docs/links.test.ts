/** What a document, or a comment in the code, refers to is there: relative links, their anchors, sections of the rules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './shell-blocks.ts';

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('node_modules'))
    .map((file) => join(folder, file));

const documents = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...['docs', 'bench'].flatMap((folder) => filesBelow(folder, '.md')),
];
const code = ['src', 'test', 'client', 'scripts', 'examples', 'bench'].flatMap((folder) =>
  filesBelow(folder, '.ts'),
);

/** A document without its fenced blocks, where neither headings nor links are any. */
const prose = (file: string): string => textOf(file).replace(/^```[\s\S]*?^```$/gm, '');

/** The anchors of a document's headings, as GitHub makes them: `## 2. Price books` is `#2-price-books`. */
const anchorsOf = (file: string): Set<string> => {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose(file).matchAll(/^#+ (.+)$/gm)) {
    const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
    const anchor = words.replaceAll(' ', '-');
    let name = anchor;
    for (let again = 1; anchors.has(name); again++) name = `${anchor}-${again}`;
    anchors.add(name);
  }
  return anchors;
};

interface Link {
  readonly file: string;
  readonly anchor: string;
}

/** The links of a document that lead into the repository. */
const linksOf = (document: string): Link[] =>
  [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor = ''] = target.split('#');
    return [{ file: path === '' ? document : normalize(join(dirname(document), path)), anchor }];
  });

describe.each(documents)('%s', (document) => {
  test('links to files and headings that are there', () => {
    const broken = linksOf(document).filter(
      ({ file, anchor }) => !existsSync(join(ROOT, file)) || (anchor !== '' && !anchorsOf(file).has(anchor)),
    );
    expect(broken).toEqual([]);
  });
});

test('every document is reached from README.md', () => {
  const reached = new Set<string>();
  const reach = (document: string): void => {
    if (reached.has(document) || !document.endsWith('.md') || !existsSync(join(ROOT, document))) return;
    reached.add(document);
    for (const { file } of linksOf(document)) reach(file);
  };
  reach('README.md');
  const inFolders = (file: string) => file.startsWith('docs/decisions/') || file.startsWith('bench/peers/');
  expect(documents.filter((file) => !reached.has(file) && !inFolders(file))).toEqual([]);
});

test('sections of docs/rules.md that are cited are there, one heading each', () => {
  const numbers = [...prose('docs/rules.md').matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from(numbers, (_, i) => i + 1));
  for (const file of [...code, ...documents]) {
    const text = textOf(file).replace(/\n *\*? */g, ' ');
    for (const [cited, list = ''] of text.matchAll(/rules\.md`?,? sections? ((?:\d+(?:, | and )?)+)/g))
      for (const [number] of list.matchAll(/\d+/g))
        expect(numbers, `${file}: ${cited}`).toContain(Number(number));
  }
});

test('documents that the code names are there', () => {
  for (const file of code.filter((name) => name !== 'test/docs/links.test.ts'))
    for (const [named] of textOf(file).matchAll(/\bdocs\/[a-z-]+\.md\b/g))
      expect(existsSync(join(ROOT, named)), `${file}: ${named}`).toBe(true);
});

test('a source file that is named in backticks is there', () => {
  const names = new Set(
    ['src', 'web', 'test', 'client', 'scripts', 'examples', 'bench', 'bin']
      .flatMap((folder) => ['.ts', '.js', '.mjs'].flatMap((ending) => filesBelow(folder, ending)))
      .map((file) => `/${file}`),
  );
  const isThere = (name: string): boolean => [...names].some((file) => file.endsWith(`/${name}`));
  // What the build makes is not in the repository, and `./x.ts` is an example.
  const isElsewhere = (name: string): boolean => /^(?:dist\/|\.\/)/.test(name);
  const missing = [...documents, ...code].flatMap((file) =>
    [...textOf(file).matchAll(/`([\w./-]+\.(?:ts|js|mjs))`/g)].flatMap(([, name = '']) =>
      isThere(name) || isElsewhere(name) ? [] : [`${file}: ${name}`],
    ),
  );
  expect(missing).toEqual([]);
});
