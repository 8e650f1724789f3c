/** JSON that somebody may send: of the right kind and not, each as long as asked for. */

export const MIB = 1024 * 1024;

/** As many times as fit into so many characters, with what joins them. */
export const filled = (size: number, one: string | ((i: number) => string), join = ','): string => {
  const parts: string[] = [];
  for (let i = 0, length = 0; length < size; i++) {
    const part = typeof one === 'string' ? one : one(i);
    parts.push(part);
    length += part.length + join.length;
  }
  return parts.join(join);
};
export const list = (size: number, one: string | ((i: number) => string)): string => `[${filled(size, one)}]`;
export const nested = (size: number): string => '['.repeat(size / 2) + ']'.repeat(size / 2);
export const nestedObjects = (size: number): string => `${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}`;
export const wide = (size: number): string => `{${filled(size, (i) => `"k${i}":${i}`)}}`;
export const sameName = (size: number): string => `{${filled(size, '"a":1')}}`;
/** Every character an escape. */
export const escapes = (size: number): string => `"${'\\u0041'.repeat(size / 6)}"`;
export const quotes = (size: number): string => `"${'\\"'.repeat(size / 2)}"`;
export const backslashes = (size: number): string => `"${'\\'.repeat(size - (size % 2))}"`;
export const longText = (size: number): string => `"${'x'.repeat(size)}"`;
export const longNumber = (size: number): string => `1${'7'.repeat(size)}.5e-3`;

export interface RecordParts {
  readonly id?: string;
  readonly account?: string;
  readonly source?: string;
  readonly time?: string;
  readonly interface?: string;
  readonly more?: string;
}

let made = 0;
/** A usage event; what is not given is as it should be. */
export const record = (parts: RecordParts = {}): string => {
  made += 1;
  const {
    id = `r${made}`,
    account = 'bench-0',
    source = '/gateway/1',
    time = '2024-01-06T08:00:00Z',
    more = '',
  } = parts;
  const { interface: of = 'face-recognition/compare' } = parts;
  return `{"specversion":"1.0","type":"suanpan.usage","source":"${source}","id":"${id}","subject":"${account}","time":"${time}"${more},"data":{"interface":"${of}","calls":1}}`;
};
export const records = (count: number, parts: (i: number) => RecordParts = () => ({})): string[] =>
  Array.from({ length: count }, (_, i) => record(parts(i)));
