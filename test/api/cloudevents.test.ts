/** CloudEvents as their own SDK sends them, in every mode, over a socket; and what the HTTP binding says besides. */
import { request } from 'node:http';
import { CloudEvent, emitterFor, HTTP, type Message, Mode } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN, type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

const { specversion: _, ...attributes } = usage('x');
const event = (id: string, more: object = {}) => new CloudEvent({ ...attributes, id, ...more });
const AUTHORIZATION = { authorization: `Bearer ${ADMIN}` };

/** Sends headers and bytes as they are: fetch would refuse some of them. */
const sent = (headers: object, body: string | Uint8Array = '') =>
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test looks at.
  new Promise<{ status: number; body: any }>((resolve, reject) => {
    const asked = request(
      `${api.base}/v1/usage`,
      { method: 'POST', headers: { ...AUTHORIZATION, ...headers } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
        );
      },
    );
    asked.on('error', reject);
    // As bytes: a text would be sent together with the head, in its encoding.
    asked.end(Buffer.from(body));
  });
const ofMessage = ({ headers, body }: Message) => sent(headers, body as string);
const recorded = async (): Promise<string[]> =>
  (await api.ok('GET', '/accounts/acme/usage?month=2019-01&by=record&limit=500')).body.items.map(
    ({ id }: { id: string }) => id,
  );
const ACCEPTED = { status: 200, body: { accepted: 1, duplicates: 0, conflicts: 0, refused: 0 } };
const refused = (field: string) => ({
  status: 200,
  body: { accepted: 0, refused: 1, results: [{ outcome: 'refused', code: 'invalid_record', field }] },
});

describe('an event of the SDK', () => {
  test.each([Mode.BINARY, Mode.STRUCTURED])('in %s mode is recorded, and once', async (mode) => {
    const answers: unknown[] = [];
    const emit = emitterFor(
      async (message) => {
        answers.push(await ofMessage(message));
      },
      { binding: HTTP, mode },
    );
    const one = event(`emitted-${mode}`);
    await emit(one);
    await emit(one);
    expect(answers).toMatchObject([ACCEPTED, { status: 200, body: { accepted: 0, duplicates: 1 } }]);
    expect(await recorded()).toContain(one.id);
  });

  test('is the same in every mode: the second and the third are duplicates', async () => {
    const one = event('every-mode', { traceparent: '00-1-2-01' });
    expect(await ofMessage(HTTP.binary(one))).toMatchObject(ACCEPTED);
    expect((await ofMessage(HTTP.structured(one))).body).toMatchObject({ duplicates: 1 });
    const batch = JSON.stringify([one, event('in-a-batch')]);
    for (const type of [
      'application/cloudevents-batch+json',
      'application/cloudevents-batch+json; charset=utf-8',
    ])
      expect((await sent({ 'content-type': type }, batch)).body.refused).toBe(0);
    expect(await recorded()).toEqual(expect.arrayContaining(['every-mode', 'in-a-batch']));
  });

  test('with its data as bytes is recorded in either mode', async () => {
    const data = new Uint8Array(Buffer.from(JSON.stringify(attributes.data)));
    const bytes = (id: string) => event(id, { data, datacontenttype: 'application/json' });
    expect(await ofMessage(HTTP.binary(bytes('bytes-binary')))).toMatchObject(ACCEPTED);
    const structured = HTTP.structured(bytes('bytes-structured'));
    expect(String(structured.body)).toContain('data_base64');
    expect(await ofMessage(structured)).toMatchObject(ACCEPTED);
  });

  test('whose data are text is refused by name, and kept as it came', async () => {
    const text = event('as-text', { data: JSON.stringify(attributes.data) });
    expect(await ofMessage(HTTP.structured(text))).toMatchObject(refused('data'));
    const plain = event('plain-text', { data: 'five calls', datacontenttype: 'text/plain' });
    for (const message of [HTTP.structured(plain), HTTP.binary(plain)])
      expect(await ofMessage(message)).toMatchObject(refused('datacontenttype'));
    const { items } = (await api.ok('GET', '/accounts/acme/refused-usage?limit=100')).body;
    const kept = items.map(({ record }: { record: object }) => record);
    expect(kept).toContainEqual(expect.objectContaining({ id: 'plain-text', data: 'five calls' }));
    const base64 = Buffer.from('five calls').toString('base64');
    expect(kept).toContainEqual(expect.objectContaining({ id: 'plain-text', data_base64: base64 }));
  });
});

describe('binary mode', () => {
  const headers = (id: string, more: object = {}) => ({
    'content-type': 'application/json; charset=UTF-8',
    'ce-specversion': '1.0',
    'ce-type': 'suanpan.usage',
    'ce-source': '/gateway/1',
    'ce-id': id,
    'ce-subject': 'acme',
    'ce-time': '2019-01-01T00:00:00+08:00',
    ...more,
  });
  const DATA = JSON.stringify(attributes.data);
  const latin = (text: string): string => Buffer.from(text).toString('latin1');

  test.each([
    ['percent-encoded', encodeURIComponent('订单 1%'), '订单 1%'],
    ['percent-encoded once', '50%2525', '50%25'],
    ['UTF-8 as it is', latin('订单 2'), '订单 2'],
    ['quoted, as older versions did', '"a \\"b\\" %20c"', 'a "b"  c'],
    ['an emoji', '%F0%9F%98%80', '😀'],
  ])('reads an attribute that is %s', async (_name, header, id) => {
    expect(await sent(headers(header), DATA)).toMatchObject(ACCEPTED);
    expect(await recorded()).toContain(id);
  });

  test.each([
    ['a percent sign that encodes nothing', headers('100%'), DATA, 'id'],
    ['percent-encoded bytes that are not UTF-8', headers('%B6%A9'), DATA, 'id'],
    ['half a surrogate pair, encoded', headers('%ED%A0%80'), DATA, 'id'],
    ['an attribute twice', headers('x', { 'ce-id': ['a', 'b'] }), DATA, 'id'],
    ['its data as a header', headers('x', { 'ce-data': '{}' }), DATA, 'data'],
    ['no data', headers('no-data'), '', 'data'],
    ['data that are not JSON', headers('broken'), '{"interface":', 'data'],
    ['data that end the event they are put in', headers('broken'), `${DATA},"subject":"other"`, 'data'],
    ['data that are not UTF-8', headers('gbk'), Buffer.from([0x7b, 0xb6, 0xa9, 0x7d]), 'data'],
    ['data with a number beyond doubles', headers('huge'), DATA.replace('1}', '1e400}'), 'data.calls'],
    [
      'another content type',
      headers('xml', { 'content-type': 'application/xml' }),
      '<x/>',
      'datacontenttype',
    ],
    [
      'another charset',
      headers('gb', { 'content-type': 'application/json; charset=gbk' }),
      DATA,
      'datacontenttype',
    ],
    ['an old version', headers('old', { 'ce-specversion': '0.3' }), DATA, 'specversion'],
  ])('refuses %s, and keeps it', async (_name, given, data, field) => {
    const before = (await api.ok('GET', '/accounts/acme/refused-usage?limit=500')).body.items.length;
    expect(await sent(given, data)).toMatchObject(refused(field));
    expect((await api.ok('GET', '/accounts/acme/refused-usage?limit=500')).body.items.length).toBe(
      before + 1,
    );
  });

  test('refuses the whole request for an attribute that is not UTF-8', async () => {
    const answer = await sent(headers('\xb6\xa9'), DATA);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', field: 'ce-id' } });
  });

  test('is not taken for a structured event that has the same headers beside it', async () => {
    const structured = { ...headers('beside'), 'content-type': 'application/cloudevents+json' };
    expect(await sent(structured, JSON.stringify(usage('inside')))).toMatchObject(ACCEPTED);
    expect(await recorded()).toContain('inside');
    expect(await recorded()).not.toContain('beside');
  });
});

describe('structured mode', () => {
  const structured = (more: object) =>
    sent(
      { 'content-type': 'application/cloudevents+json' },
      JSON.stringify({ ...usage('s'), data: undefined, ...more }),
    );
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test.each([
    ['base64 that is none', { data_base64: '€' }, 'data_base64'],
    ['base64 of what is not JSON', { data_base64: base64('{') }, 'data_base64'],
    ['base64 of what is not UTF-8', { data_base64: Buffer.from([0xff]).toString('base64') }, 'data_base64'],
    ['a member twice in base64', { data_base64: base64('{"calls":1,"calls":2}') }, 'data.calls'],
    ['data and data_base64', { data: {}, data_base64: base64('{}') }, 'data_base64'],
    ['data_base64 that is no text', { data_base64: 1 }, 'data_base64'],
    ['a content type that is no text', { data: {}, datacontenttype: 1 }, 'datacontenttype'],
    [
      'a member of the data that nobody knows',
      { data: { ...attributes.data, quantitiy: 5 } },
      'data.quantitiy',
    ],
    ['no data', {}, 'data'],
  ])('refuses %s', async (_name, more, field) =>
    expect(await structured(more)).toMatchObject(refused(field)),
  );

  test.each(['application/json', 'application/vnd.x+json; charset=utf-8', 'text/json'])(
    'takes data of %s',
    async (datacontenttype) => {
      const id = `of ${datacontenttype}`;
      expect(await structured({ id, data: attributes.data, datacontenttype })).toMatchObject(ACCEPTED);
    },
  );
});

test.each([
  ['application/cloudevents+xml', 'application/cloudevents+json'],
  ['application/cloudevents+avro', 'application/x-ndjson'],
  ['text/plain', 'application/json'],
  ['application/json; charset=gbk', 'UTF-8'],
])('%s is not taken, and the answer says what is', async (type, named) => {
  const { status, body } = await sent({ 'content-type': type }, JSON.stringify(usage('typed')));
  expect([status, body.code]).toEqual([415, 'media_type_unsupported']);
  expect(body.detail).toContain(named);
});
