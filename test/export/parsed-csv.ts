/** CSV read the way RFC 4180 says, by a reader of its own: what was written must come back. */

/** Rows of cells; the byte order mark is left out. Throws for a line end that is not CRLF. */
export const parsedCsv = (text: string): string[][] => {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < body.length) {
    let cell = '';
    if (body[at] === '"') {
      for (at += 1; ; at += 1) {
        if (at >= body.length) throw new Error('a quoted cell has no end');
        if (body[at] !== '"') cell += body[at];
        else if (body[at + 1] === '"') {
          cell += '"';
          at += 1;
        } else break;
      }
      at += 1;
    } else while (at < body.length && body[at] !== ',' && body[at] !== '\r') cell += body[at++];
    row.push(cell);
    if (body[at] === ',') {
      at += 1;
      continue;
    }
    if (body.slice(at, at + 2) !== '\r\n') throw new Error(`no line end at ${at}`);
    at += 2;
    rows.push(row);
    row = [];
  }
  return rows;
};

/** Rows as objects by the names in the first one. */
export const recordsOf = (text: string): Record<string, string>[] => {
  const [names = [], ...rows] = parsedCsv(text);
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ''])));
};

/** A file that streams, as one text. */
export const whole = async (pieces: AsyncIterable<string>): Promise<string> => {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
};
