/**
 * The data of a CloudEvent in JSON (CloudEvents JSON format 1.0.2, section 3.1): a JSON value in `data`, or bytes in
 * `data_base64`. Usage is JSON: another `datacontenttype` is refused, not read as if it were.
 */
import { Buffer } from 'node:buffer';
import { strictJson } from '../text/strict-json.ts';
import { utf8Text } from '../text/utf8.ts';

export type EventWithData =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly field: string; readonly message: string };

/** `application/json` and derived types (RFC 6839), with parameters; only the subtype decides. */
const JSON_TYPE = /^[^\s/;]+\/(?:json|[^\s/;]+\+json)\s*(?:;.*)?$/is;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;
const UTF8 = /^(?:utf-?8|us-ascii)$/i;

/** Whether a content type is JSON in UTF-8. */
export const isJsonType = (type: string): boolean => {
  const [, charset = 'utf-8'] = CHARSET.exec(type) ?? [];
  return JSON_TYPE.test(type.trim()) && UTF8.test(charset);
};

/** A CloudEvent with its data as a value in `data`. */
export const eventData = (event: object): EventWithData => {
  const value = event as Readonly<Record<string, unknown>>;
  const { datacontenttype: type, data_base64: encoded } = value;
  if (type !== undefined && type !== null && (typeof type !== 'string' || !isJsonType(type)))
    return {
      ok: false,
      field: 'datacontenttype',
      message: 'must be application/json: usage is JSON in UTF-8',
    };
  if (encoded === undefined || encoded === null) {
    return typeof value['data'] === 'string'
      ? { ok: false, field: 'data', message: 'must be a JSON object, not text (or text that holds JSON)' }
      : { ok: true, value };
  }
  if (value['data'] !== undefined && value['data'] !== null)
    return { ok: false, field: 'data_base64', message: 'must not stand beside data' };
  return decoded(value, encoded);
};

const decoded = (value: Readonly<Record<string, unknown>>, encoded: unknown): EventWithData => {
  const wrong = (message: string): EventWithData => ({ ok: false, field: 'data_base64', message });
  if (typeof encoded !== 'string' || !isBase64(encoded)) return wrong('must be base64 (RFC 4648, section 4)');
  const text = utf8Text(Buffer.from(encoded, 'base64'));
  if (text === null) return wrong('must be JSON in UTF-8');
  const json = strictJson(text);
  if (json.ok) return { ok: true, value: { ...value, data: json.value } };
  const { field, detail } = json.fault;
  return field === '' ? wrong(detail) : { ok: false, field: `data.${field}`, message: detail };
};

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const isBase64 = (text: string): boolean => text.length % 4 === 0 && BASE64.test(text);
