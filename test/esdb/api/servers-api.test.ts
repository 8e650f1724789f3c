/** Two servers of one ledger: what one of them acknowledged, the other answers from. */
import { expect, test } from 'vitest';
import { usage } from '../../support/api.ts';
import { onEveryEngine } from '../engines.ts';
import { pairAround } from './pair.ts';

onEveryEngine('two servers of one ledger', (open) => {
  const pair = pairAround(open, { SUANPAN_CLOSE_AT: 'manual' });

  test('a position from one is answered by the other with what was acknowledged, always', async () => {
    const { a, b } = pair;
    const before = (await a.ok('GET', '/accounts/acme')).body.balance.total;
    for (let i = 1; i <= 30; i++) {
      const [to, from] = i % 2 ? [a, b] : [b, a];
      const deposit = { amount: '1.00', reference: `position-${i}` };
      const { headers } = await to.ok('POST', '/accounts/acme/deposits', deposit);
      const shown = await from.ok('GET', `/accounts/acme?after=${headers.get('ledger-position')}`);
      expect(Number(shown.body.balance.total) - Number(before)).toBe(i);
    }
  });

  test('views of the other one answer from a position too: usage, packs and notices', async () => {
    const { a, b } = pair;
    for (let i = 1; i <= 10; i++) {
      await a.ok('POST', '/usage', [usage(`view-${i}`)]);
      const bought = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
      if (i === 10) await a.ok('POST', '/accounts/acme/packs', bought);
      const noted = await a.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference: `v-${i}` });
      const after = noted.headers.get('ledger-position');
      const shown = await b.ok('GET', `/accounts/acme/usage?month=2019-01&by=interface&after=${after}`);
      expect(shown.body.items[0].records).toBe(i);
    }
    expect((await b.ok('GET', '/accounts/acme/packs')).body.items.length).toBe(1);
    const [own, other] = await Promise.all([a, b].map((api) => api.ok('GET', '/accounts')));
    expect(other?.body).toEqual(own?.body);
    expect(own?.body.items.length).toBe(1);
  });

  test('a key made at one is good at the other, and void there soon after it is revoked', async () => {
    const { a, b } = pair;
    const { key, secret } = (await a.ok('POST', '/keys', { name: 'k', scopes: ['read'] })).body;
    const asked = async () => {
      const { status } = await b.send('GET', '/accounts/acme', undefined, {
        authorization: `Bearer ${secret}`,
      });
      return status;
    };
    await expect.poll(asked).toBe(200);
    await a.ok('DELETE', `/keys/${key}`);
    await expect.poll(asked).toBe(401);
  });

  test('keys stay in step where many are made and revoked at both at once', async () => {
    const { a, b } = pair;
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        (i % 2 ? a : b).ok('POST', '/keys', { name: `many-${i}`, scopes: ['read'] }),
      ),
    );
    await Promise.all(made.map(({ body }, i) => (i % 3 ? a : b).ok('DELETE', `/keys/${body.key}`)));
    const last = (await a.ok('POST', '/keys', { name: 'last', scopes: ['read'] })).body;
    await a.ok('DELETE', `/keys/${last.key}`);
    const open = async () => {
      const { items } = (await b.ok('GET', '/keys?limit=1000')).body;
      const own = items.filter(({ name }: { name: string }) => name.startsWith('many-') || name === 'last');
      return [own.length, own.filter((one: { revokedAt: string | null }) => one.revokedAt === null).length];
    };
    await expect.poll(open).toEqual([13, 0]);
  });

  test('a price book published at one is known at the other', async () => {
    const { a, b } = pair;
    const { body: book } = await a.ok('GET', '/price-books/face-recognition/2019-01');
    const next = { ...book, edition: '2019-06', effectiveFrom: '2019-06' };
    await a.ok('PUT', '/price-books/face-recognition/2019-06', next);
    const known = async () => (await b.send('GET', '/price-books/face-recognition/2019-06')).status;
    await expect.poll(known).toBe(200);
  });

  test('usage refused at one is read at the other, and logged once where both refuse it', async () => {
    const { a, b } = pair;
    const refused = usage('refused-1', { data: { interface: 'no/such', calls: 1 } });
    const unknown = usage('refused-2', { subject: 'nobody' });
    await Promise.all([a, b].map((api) => api.ok('POST', '/usage', [refused, unknown])));
    const ids = async (path: string) =>
      (await b.ok('GET', path)).body.items.map(({ record }: { record: { id: string } }) => record.id);
    expect(await ids('/accounts/acme/refused-usage')).toEqual(['refused-1']);
    expect(await ids('/refused-usage')).toEqual(['refused-2']);
  });

  test('usage reported to both at once is counted once', async () => {
    const { a, b } = pair;
    const path = '/accounts/acme/usage?month=2019-01&by=interface';
    const before = (await b.ok('GET', path)).body.items[0].records;
    const records = Array.from({ length: 40 }, (_, i) => usage(`both-${i}`));
    const answers = await Promise.all(
      records.flatMap((record) => [a, b].map((api) => api.ok('POST', '/usage', [record]))),
    );
    const sum = (of: 'accepted' | 'duplicates') => answers.reduce((n, { body }) => n + body[of], 0);
    expect([sum('accepted'), sum('duplicates')]).toEqual([40, 40]);
    expect((await b.ok('GET', path)).body.items[0].records).toBe(before + 40);
  });
});
