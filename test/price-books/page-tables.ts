/** The price tables of a page: Markdown and HTML, with cells that span rows and columns filled in. */
const text = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();

const PRICE = /元|联系商务|次/;

/** Every table that has prices, as rows of cells, the first row its heads. */
export const pageTables = (page: string): string[][][] => {
  const found: { at: number; rows: string[][] }[] = [];
  for (const match of page.matchAll(/<table>([\s\S]*?)<\/table>/g)) {
    found.push({ at: match.index, rows: htmlRows(match[1] ?? '') });
  }
  for (const match of page.matchAll(/(?:^\|.*\|?[ \t]*$\n?)+/gm)) {
    found.push({ at: match.index, rows: markdownRows(match[0]) });
  }
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ rows }) => rows)
    .filter((rows) =>
      rows.some((row) => row.slice(1).some((cell) => /\d.*元|元.*\d/.test(cell) && !cell.includes('低至'))),
    )
    .filter((rows) => rows.every((row) => row.some((cell) => PRICE.test(cell) || cell !== '')));
};

const markdownRows = (block: string): string[][] =>
  block
    .trim()
    .split('\n')
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .replace(/^\||\|\s*$/g, '')
        .split('|')
        .map(text),
    );

const htmlRows = (table: string): string[][] => {
  const rows: string[][] = [];
  const spans = new Map<number, { left: number; cell: string }>();
  for (const part of table.split(/<tr>/)) {
    const cells = [...part.matchAll(/<t([dh])([^>]*)>([\s\S]*?)<\/t[dh]>/g)];
    if (cells.length === 0) continue;
    const row: string[] = [];
    let column = 0;
    const fill = () => {
      for (let span = spans.get(column); span && span.left > 0; span = spans.get(column)) {
        row.push(span.cell);
        span.left -= 1;
        column += 1;
      }
    };
    for (const [, , attributes = '', content = ''] of cells) {
      fill();
      const cell = text(content);
      const down = Number(/rowspan="(\d+)"/.exec(attributes)?.[1] ?? 1);
      const across = Number(/colspan="(\d+)"/.exec(attributes)?.[1] ?? 1);
      for (let i = 0; i < across; i++) {
        row.push(cell);
        spans.set(column, { left: down - 1, cell });
        column += 1;
      }
    }
    fill();
    rows.push(row);
  }
  return rows;
};
