/** Checkpoints, bundles and disputes over HTTP: what a customer, an auditor and an operator do with them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkpointsIn } from '../../src/checkpoint/checkpoint-files.ts';
import { inconsistency } from '../../src/checkpoint/consistency-proof.ts';
import { parseVerifierKey } from '../../src/checkpoint/note.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { hookReceiver } from '../support/receivers.ts';
import { verified } from '../support/sealed.ts';

let api: ServedApi;
afterEach(() => api.stop());

/** Acme has a bill of January. */
const billed = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  api = await served(env);
  await withAccount(api);
  await api.ok('POST', '/usage', [usage('a', {}, 20_000), usage('b', {}, 7)]);
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
};

test('a bundle is there as soon as there is a bill, and verifies with the key of the server', async () => {
  await billed();
  const { body, headers } = await api.ok('GET', '/accounts/acme/bills/2019-01/bundle');
  expect(headers.get('content-disposition')).toBe('attachment; filename="acme-2019-01.suanpan"');
  const { body: keys } = await api.ok('GET', '/signing-keys');
  const key = parseVerifierKey(keys.items[0].key);
  if (!key) throw new Error('no key');
  expect(await verified(body, [key])).toMatchObject({ ok: true, isKeyHeld: true, records: 2 });
  expect((await api.ok('GET', '/accounts/acme/bills/2019-01/bundle')).body).toBe(body);
  expect(body).not.toContain('示例');
  expect((await api.ok('GET', '/accounts/acme/bills/2019-01/bundle?withName=true')).body).toContain('示例');
  expect((await api.send('GET', '/accounts/acme/bills/2019-02/bundle')).body.code).toBe('bill_unknown');
});

test('an old checkpoint is proved to be how the ledger began', async () => {
  const file = join(temporaryFolder(), 'checkpoints.txt');
  await billed({ SUANPAN_CHECKPOINT_FILE: file });
  const { body: old } = await api.ok('POST', '/checkpoints');
  await api.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference: 'later' });
  const { body: now } = await api.ok('POST', '/checkpoints');
  expect(now.size).toBe(old.size + 1);
  const { body: proof } = await api.ok('GET', `/checkpoints/latest/consistency?from=${old.size}`);
  const [a, b] = checkpointsIn(`${old.note}\n${proof.note}`);
  if (!a || !b) throw new Error('no checkpoints');
  expect(inconsistency(a, b, proof)).toBeNull();
  expect((await api.send('GET', `/checkpoints/${now.size + 5}/consistency?from=1`)).body.code).toBe(
    'checkpoint_unknown',
  );
  const { body: page } = await api.ok('GET', '/checkpoints?limit=1');
  expect(page.items).toEqual([old]);
  expect((await api.ok('GET', `/checkpoints?limit=9&cursor=${page.next}`)).body).toEqual({
    items: [now],
    next: null,
  });
  expect(checkpointsIn(readFileSync(file, 'utf8')).map(({ size }) => size)).toEqual([old.size, now.size]);
});

test('keys are rotated and revoked; a bound key reads them and signs nothing', async () => {
  await billed();
  await api.ok('POST', '/checkpoints');
  const { body: next } = await api.ok('POST', '/signing-keys');
  expect(next.statement).toContain(next.key);
  expect((await api.ok('POST', '/checkpoints')).body.key).toBe(next.key);
  expect((await api.ok('DELETE', `/signing-keys/${next.id}`)).body.revoked).toBe(true);
  expect((await api.send('DELETE', '/signing-keys/00000000')).body.code).toBe('signing_key_unknown');
  expect((await api.ok('POST', '/checkpoints')).body.key).not.toBe(next.key);
  const { body: bound } = await api.ok('POST', '/keys', { name: 'b', scopes: ['admin'], accounts: ['acme'] });
  const as = { authorization: `Bearer ${bound.secret}` };
  expect((await api.send('GET', '/signing-keys', undefined, as)).status).toBe(200);
  expect((await api.send('GET', '/checkpoints', undefined, as)).status).toBe(200);
  expect((await api.send('POST', '/checkpoints', undefined, as)).body.code).toBe('account_forbidden');
});

test('a dispute is opened with its evidence, kept from other accounts, and resolved once', async () => {
  await billed();
  const disputed = { meter: 'face-recognition/compare', reason: 'too many' };
  const opened = await api.ok('POST', '/accounts/acme/bills/2019-01/disputes', disputed, { 'x-actor': 'li' });
  expect(opened).toMatchObject({
    status: 201,
    body: {
      dispute: 'acme:1',
      state: 'open',
      opened: { by: 'li' },
      evidence: [{ replay: { match: true, differences: 0 }, checkpoint: { size: expect.any(Number) } }],
      resolved: null,
    },
  });
  expect((await api.ok('POST', '/accounts/acme/bills/2019-01/disputes', disputed)).status).toBe(200);
  await withAccount(api, 'other');
  const { body: bound } = await api.ok('POST', '/keys', {
    name: 'o',
    scopes: ['admin'],
    accounts: ['other'],
  });
  const as = { authorization: `Bearer ${bound.secret}` };
  expect((await api.send('GET', '/disputes/acme:1', undefined, as)).body.code).toBe('account_forbidden');
  const tried = await api.ok('POST', '/disputes/acme:1/resolution?dryRun=true', {
    outcome: 'upheld',
    note: 'x',
  });
  expect(tried.body.state).toBe('upheld');
  expect((await api.ok('GET', '/disputes/acme:1')).body.state).toBe('open');
  const resolution = { outcome: 'adjusted', note: 'goodwill', credit: { amount: '3', reference: 'd1' } };
  const resolved = await api.ok('POST', '/disputes/acme:1/resolution', resolution, { 'x-actor': 'wang' });
  expect(resolved.body).toMatchObject({ state: 'adjusted', resolved: { by: 'wang', credit: 'd1' } });
  expect((await api.send('POST', '/disputes/acme:1/resolution', resolution)).body.code).toBe(
    'dispute_resolved',
  );
  expect((await api.send('POST', '/disputes/acme:1/evidence')).body.code).toBe('dispute_resolved');
  expect((await api.send('GET', '/disputes/acme:2')).body.code).toBe('dispute_unknown');
  expect((await api.send('GET', '/disputes/nonsense')).body.code).toBe('dispute_unknown');
  expect((await api.ok('GET', '/accounts/acme/disputes')).body.items.length).toBe(1);
});

test('checkpoints and disputes go to webhooks that ask for them', async () => {
  await billed({ SUANPAN_ALLOW_PRIVATE_TARGETS: 'true' });
  const receiver = await hookReceiver();
  const types = ['checkpoint.signed', 'dispute.opened'];
  const { body } = await api.ok('POST', '/webhooks', { url: receiver.url, types });
  receiver.trust(body.secret);
  await api.ok('POST', '/accounts/acme/bills/2019-01/disputes', { reason: 'too many' });
  await expect.poll(() => receiver.received.map((one) => one.body.type).sort()).toEqual(types);
  const note = receiver.received.find((one) => one.body.type === 'checkpoint.signed')?.body.data['note'];
  expect(checkpointsIn(String(note)).length).toBe(1);
});

test('disputes of all accounts are listed by state, to a bound key its own alone', async () => {
  api = await served();
  for (const account of ['acme', 'other', 'third']) {
    await withAccount(api, account);
    await api.ok('POST', '/usage', [usage('a', { subject: account }, 20_000)]);
  }
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  const dispute = async (account: string, day: string): Promise<string> => {
    await api.ok('PUT', '/clock', { now: `2019-02-${day}T00:00:00+08:00` });
    return (await api.ok('POST', `/accounts/${account}/bills/2019-01/disputes`, { reason: day })).body
      .dispute;
  };
  const [first, second, third] = [
    await dispute('third', '03'),
    await dispute('acme', '04'),
    await dispute('other', '05'),
  ];
  await api.ok('POST', `/disputes/${second}/resolution`, { outcome: 'upheld', note: 'as billed' });
  const listed = async (query: string, headers?: Record<string, string>) => {
    const { items, next } = (await api.ok('GET', `/disputes${query}`, undefined, headers)).body;
    return [items.map(({ dispute: id }: { dispute: string }) => id), next];
  };
  expect(await listed('')).toEqual([[first, second, third], null]);
  expect(await listed('?state=open')).toEqual([[first, third], null]);
  expect(await listed('?state=upheld')).toEqual([[second], null]);
  const [page, next] = await listed('?state=open&limit=1');
  expect(page).toEqual([first]);
  expect(await listed(`?state=open&limit=1&cursor=${encodeURIComponent(next)}`)).toEqual([[third], null]);
  const { body: bound } = await api.ok('POST', '/keys', {
    name: 'two',
    scopes: ['read'],
    accounts: ['other', 'acme'],
  });
  const as = { authorization: `Bearer ${bound.secret}` };
  expect(await listed('', as)).toEqual([[second, third], null]);
  expect(await listed('?state=open', as)).toEqual([[third], null]);
  const [own, more] = await listed('?limit=1', as);
  expect(own).toEqual([second]);
  expect(await listed(`?limit=1&cursor=${encodeURIComponent(more)}`, as)).toEqual([[third], null]);
});

test('a replay is compared line by line; a bill names its checkpoint, and the months it corrects', async () => {
  await billed();
  const { body: none } = await api.ok('GET', '/accounts/acme/bills/2019-01/checkpoint');
  const { body: replay } = await api.ok('GET', '/accounts/acme/bills/2019-01/replay');
  const { body: bill } = await api.ok('GET', '/accounts/acme/bills/2019-01');
  expect(replay.lines).toEqual([
    ...bill.lines.map(({ meter, amount }: { meter: string; amount: string }) => ({
      ...{ part: 'line', name: meter, issued: amount, replayed: amount, match: true },
    })),
    ...['due', 'packs', 'total', 'unfrozen', 'frozen'].map((name) => {
      const amount = { due: bill.due, packs: bill.packsTotal, total: bill.total, unfrozen: bill.unfrozen }[
        name
      ];
      const sum = amount ?? bill.frozen.total;
      return { part: 'sum', name, issued: sum, replayed: sum, match: true };
    }),
  ]);
  expect(none).toEqual({ checkpoint: null });
  const { body: signed } = await api.ok('POST', '/checkpoints');
  expect(Number.isNaN(Date.parse(signed.signedAt))).toBe(false);
  expect((await api.ok('GET', '/accounts/acme/bills/2019-01/checkpoint')).body).toEqual({
    checkpoint: signed,
  });
  await api.ok('POST', '/usage', [usage('late', {}, 300)]);
  await api.ok('PUT', '/clock', { now: '2019-03-02T00:00:00+08:00' });
  const { body: bills } = await api.ok('GET', '/accounts/acme/bills');
  expect(bills.items.map(({ corrects }: { corrects: string[] }) => corrects)).toEqual([[], ['2019-01']]);
});
