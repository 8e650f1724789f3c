/**
 * CloudEvents in binary mode (HTTP binding 1.0.2, section 3.1): attributes as `ce-` headers, the data as body, its
 * content type as `datacontenttype`. Such an event is converted to the structured JSON of the other modes, and
 * validated and stored as that.
 */
import { Buffer } from 'node:buffer';
import { strictJson } from '../text/strict-json.ts';
import { utf8Text } from '../text/utf8.ts';
import { isJsonType } from './event-data.ts';
import { invalidUsage } from './usage-event.ts';
import { reportOfText, type UsageReport } from './usage-report.ts';

export interface BinaryEvent {
  /** All `ce-` headers, without the prefix, as text, including repeated ones. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly contentType: string | undefined;
  readonly data: Uint8Array;
}

const PREFIX = 'ce-';
/** The header that marks binary mode; a structured event may have other `ce-` headers. */
const MARKS = ['ce-specversion', 'ce-id', 'ce-source', 'ce-type'];

/** Whether headers are those of an event in binary mode. */
export const isBinaryEvent = (headers: Readonly<Record<string, unknown>>): boolean =>
  MARKS.some((name) => headers[name] !== undefined);

/** The attributes among headers; `headers` has a list of values for each name. */
export const attributesOf = (
  headers: Readonly<Record<string, readonly string[] | undefined>>,
): BinaryEvent['attributes'] =>
  Object.entries(headers).flatMap(([name, values]) =>
    name.startsWith(PREFIX) ? (values ?? []).map((value) => [name.slice(PREFIX.length), value] as const) : [],
  );

const NAME = /^[a-z0-9]+$/;
/** Not attributes in this mode: they come from the body and its content type. */
const ELSEWHERE = new Set(['data', 'datacontenttype']);

/** The report that an event in binary mode is. Never throws. */
export const reportOfBinary = (event: BinaryEvent): UsageReport => {
  const { attributes, problem } = read(event.attributes);
  if (event.contentType !== undefined) attributes['datacontenttype'] = event.contentType;
  const text = event.data.length === 0 ? null : jsonOf(event);
  if (problem === null && event.data.length === 0) return reportOfText(JSON.stringify(attributes));
  if (problem === null && text !== null) return reportOfText(withData(attributes, text));
  const came = { json: { ...attributes, data_base64: Buffer.from(event.data).toString('base64') } };
  const { field, message } = problem ?? dataProblem(event);
  return { parsed: invalidUsage(attributes, field, message), came };
};

interface Problem {
  readonly field: string;
  readonly message: string;
}

const read = (
  given: BinaryEvent['attributes'],
): { readonly attributes: Record<string, string>; readonly problem: Problem | null } => {
  const attributes: Record<string, string> = {};
  let problem: Problem | null = null;
  for (const [name, raw] of given) {
    const value = attributeValue(raw);
    const field = name.slice(0, 100);
    if (!NAME.test(name) || ELSEWHERE.has(name)) problem ??= { field, message: 'must not be a ce- header' };
    else if (Object.hasOwn(attributes, name)) problem ??= { field, message: 'stands twice' };
    else if (value === null)
      problem ??= { field, message: 'must be percent-encoded UTF-8 (CloudEvents HTTP binding, 3.1.3.2)' };
    if (!Object.hasOwn(attributes, name)) attributes[name] = value ?? raw;
  }
  return { attributes, problem };
};

const QUOTED = /^"((?:[^"\\]|\\.)*)"$/s;

/** An attribute's text from its header: unquoted, then percent-decoded once; null if it is not UTF-8. */
const attributeValue = (header: string): string | null => {
  const [, quoted] = QUOTED.exec(header.trim()) ?? [];
  const value = quoted === undefined ? header.trim() : quoted.replaceAll(/\\(.)/gs, '$1');
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
};

/** The text of JSON data; null if it is not JSON. */
const jsonOf = ({ contentType, data }: BinaryEvent): string | null => {
  const text = isJsonType(contentType ?? '') ? utf8Text(data) : null;
  return text !== null && strictJson(text).fault?.kind !== 'syntax' ? text : null;
};

const dataProblem = ({ contentType, data }: BinaryEvent): Problem => {
  if (contentType === undefined)
    return { field: 'datacontenttype', message: 'is missing: the body needs a Content-Type' };
  if (!isJsonType(contentType))
    return { field: 'datacontenttype', message: 'must be application/json: usage is JSON in UTF-8' };
  return { field: 'data', message: utf8Text(data) === null ? 'must be UTF-8' : 'must be valid JSON' };
};

/** The structured text of an event, with its data verbatim. */
const withData = (attributes: Readonly<Record<string, string>>, data: string): string => {
  const head = JSON.stringify(attributes).slice(0, -1);
  return `${head}${head === '{' ? '' : ','}"data":${data}}`;
};
