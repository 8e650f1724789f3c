/** The shell blocks of a document, as a newcomer copies them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Block {
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Every fenced block of a document, in order. */
export const blocksOf = (file: string): Block[] => {
  const blocks: Block[] = [];
  let open: { line: number; language: string; lines: string[] } | null = null;
  for (const [i, line] of readFileSync(join(ROOT, file), 'utf8').split('\n').entries()) {
    const [, language] = /^```(.*)$/.exec(line) ?? [];
    if (language === undefined) open?.lines.push(line);
    else if (open) {
      blocks.push({ line: open.line, language: open.language, text: open.lines.join('\n') });
      open = null;
    } else open = { line: i + 1, language, lines: [] };
  }
  return blocks;
};
