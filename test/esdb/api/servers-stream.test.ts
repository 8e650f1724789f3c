/** Facts as they come, at a server that did not append them. */
import { expect, test } from 'vitest';
import { ADMIN, type ServedApi } from '../../support/api.ts';
import { onEveryEngine } from '../engines.ts';
import { pairAround } from './pair.ts';

interface Listening {
  /** Ids and references of the deposits heard so far. */
  heard(): readonly { readonly id: string; readonly reference: string }[];
  stop(): void;
}

/** Listens to an account's deposits; resolves when the server says that it is connected. */
const listening = async (api: ServedApi, query = ''): Promise<Listening> => {
  const control = new AbortController();
  const response = await fetch(`${api.base}/v1/stream?account=acme&types=FundsDeposited${query}`, {
    headers: { authorization: `Bearer ${ADMIN}` },
    signal: control.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader?.read())?.value ?? '';
  const readOn = async (): Promise<void> => {
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) return;
      text += piece.value;
    }
  };
  readOn().catch(() => undefined);
  return {
    heard: () =>
      [...text.matchAll(/^id: (\d+)\nevent: FundsDeposited\ndata: (.+)$/gm)].map(
        ([, id = '', data = '']) => ({
          id,
          reference: JSON.parse(data).data.reference,
        }),
      ),
    stop: () => control.abort(),
  };
};

onEveryEngine('the stream of facts of two servers', (open) => {
  const pair = pairAround(open);

  const deposit = (api: ServedApi, reference: string) =>
    api.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference });
  const references = ({ heard }: Listening) => heard().map(({ reference }) => reference);

  test('one hears what the other appends, in order and once, and goes on where it stopped', async () => {
    const { a, b } = pair;
    const first = await listening(b);
    for (const name of ['one', 'two', 'three']) await deposit(a, name);
    await deposit(b, 'own');
    await expect.poll(() => references(first)).toEqual(['one', 'two', 'three', 'own']);
    const id = first.heard()[1]?.id;
    first.stop();
    await deposit(a, 'meanwhile');
    const second = await listening(b, `&from=${id}`);
    const wanted = ['three', 'own', 'meanwhile'];
    await expect.poll(() => references(second)).toEqual(wanted);
    second.stop();
  });

  test('it begins at the beginning, and refuses a position that no event has', async () => {
    const { a, b } = pair;
    const all = await listening(b, '&from=0');
    // An engine may hold much that is not this ledger's.
    await expect.poll(() => references(all)[0]).toBe('first');
    all.stop();
    const { headers } = await deposit(a, 'last');
    const last = Number(headers.get('ledger-position'));
    for (const from of ['5', String(last - 7), String(last + 7), String(last * 1_000)]) {
      const refused = await b.send('GET', `/stream?from=${from}`);
      expect([refused.status, refused.body.code, refused.body.field]).toEqual([
        400,
        'invalid_request',
        'from',
      ]);
    }
  });
});
