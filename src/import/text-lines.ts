/**
 * Lines of a file of any size. Only a line feed ends one, with or without a carriage return before it: JSON may hold
 * U+2028 and U+2029 as they are, at which `readline` splits.
 */

/** Far above what a command or a record takes; a file without line ends must not fill the memory. */
const LINE_MAX = 16 * 1024 * 1024;

/** The lines of a stream of bytes; a last one without its end counts too, of absurdly long ones the beginning. */
export async function* textLines(bytes: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  /** The line that has no end yet, in parts: put together once, however many chunks it takes. */
  let parts: string[] = [];
  let length = 0;
  const keep = (part: string): void => {
    if (length < LINE_MAX) parts.push(part);
    length += part.length;
  };
  const whole = (): string => {
    const line = parts.join('');
    parts = [];
    length = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  for await (const chunk of bytes) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      keep(text.slice(from, end));
      yield whole();
      from = end + 1;
    }
    if (from < text.length) keep(text.slice(from));
  }
  keep(decoder.decode());
  if (length > 0) yield whole();
}
