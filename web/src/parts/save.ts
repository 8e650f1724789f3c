/** Saves what the page holds as a file: a plain link could not send the key. */
export const saveAs = (name: string, content: Blob): void => {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
};

const KEPT_MS = 60_000;

/** A spreadsheet takes a CSV file for UTF-8 by its byte order mark, which is lost where an answer is read as text. */
export const withMark = (csv: string): string => (csv.startsWith('\ufeff') ? csv : `\ufeff${csv}`);
