/**
 * Writes an audit bundle, streamed from the store a page of events at a time, while the digests of its parts are
 * computed. A bill always gives the same bytes: the checkpoint is the first that covers its close, and its key signs.
 */

import type { Buffer } from 'node:buffer';
import type { LogTree } from '../../checkpoint/log-tree.ts';
import { originOf, signerNamed, signingKeys } from '../../checkpoint/signing-keys.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { hashAt } from '../../eventstore/hash-at.ts';
import { NO_PREVIOUS, payloadDigest } from '../../integrity/hash-chain.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import { type Digesting, digesting } from '../../integrity/sha256.ts';
import type { IssuedBill } from '../../ledger/queries/bills.ts';
import { holderName } from '../../ledger/system/account-holder.ts';
import { LEDGER } from '../../ledger/system/billing-zone.ts';
import { CATALOGUE } from '../../ledger/system/catalogue.ts';
import { closeAt } from '../replay/close-at.ts';
import { type Chained, chained } from './checked-events.ts';
import { type Covering, coveringCheckpoint } from './covering-checkpoint.ts';
import { envelopeLine } from './envelope.ts';
import { DOES_NOT_PROVE, FORMAT, type Part, PROVES } from './format.ts';

export interface BundleOf {
  readonly store: EventStore;
  readonly tree: LogTree;
  readonly serverKey: Buffer;
  readonly zone: string;
}

/** No checkpoint covers the bill's close yet; one must be signed first. */
export class NotCovered extends Error {}

/**
 * The bundle of an issued bill as text, in pieces of whole lines. `withHolder` adds the account's name. Throws
 * NotCovered before the first piece, and StoredEventUnreadable for an event whose seal does not match: with
 * `checksFirst` before the first piece too, at the cost of reading the events twice.
 */
export async function* writeBundle(
  of: BundleOf,
  { bill, closed }: IssuedBill,
  options: { readonly withHolder?: boolean; readonly checksFirst?: boolean } = {},
): AsyncGenerator<string> {
  const { store } = of;
  const { stream } = bill.events;
  const close = await closeAt(store, stream, closed);
  const published = close.data.catalogue;
  const covering = await coveringCheckpoint(of, stream, closed, published);
  if (!covering) throw new NotCovered(`no checkpoint covers event ${closed} of ${stream} yet`);
  const signer = await signerNamed(store, of.serverKey, covering.signed.key);
  if (!signer) throw new Error(`the key ${covering.signed.key} is not in this ledger`);
  const ledger = await originOf(store);
  const from = Math.max(0, bill.events.from - 1);
  const streams = async () =>
    [await chained(store, stream, from), await chained(store, CATALOGUE, 0)] as const;
  // Checked before the first piece, while an error can still be answered instead of a bundle.
  if (options.checksFirst) await checkCovered(await streams(), covering);
  else for await (const _ of (await chained(store, CATALOGUE, 0)).upTo(published - 1, false));
  const parts = openParts();
  const { account, month } = bill;
  yield parts.line('about', {
    part: 'about',
    format: FORMAT,
    ...{ account, month, zone: of.zone, ledger, stream, from, to: closed },
    previous: (await hashAt(store, stream, from - 1)) ?? NO_PREVIOUS,
    catalogue: published,
    proves: PROVES,
    doesNotProve: DOES_NOT_PROVE,
  });
  if (options.withHolder) {
    yield parts.line('holder', { part: 'holder', name: (await holderName(store, account)) ?? '' });
  }
  for await (const { header, data } of (await chained(store, LEDGER, 0)).upTo(0, false))
    yield parts.line('ledger', { part: 'ledger', header, data });
  yield parts.line('bill', { part: 'bill', bill });
  const [events, catalogue] = await streams();
  for await (const { revision, header, data, hash } of catalogue.upTo(published - 1, false))
    yield parts.line('edition', { part: 'edition', revision, header, data, hash: hexOf(hash) });
  let records = 0;
  for await (const stored of events.upTo(closed, true)) {
    const { revision, header, data, hash, lines } = stored;
    records += lines?.length ?? 0;
    const counted = lines ? { records: lines.length } : {};
    const line = canonicalJson({ part: 'event', revision, header, data, hash: hexOf(hash), ...counted });
    yield parts.text('event', lines ? [line, ...lines] : [line]);
  }
  yield* links([events, catalogue], parts, covering);
  const keys = (await signingKeys(store)).map(({ key, statement }) => ({ key, statement }));
  const upTo = keys.findIndex(({ key }) => key === covering.signed.key) + 1;
  yield parts.line('keys', { part: 'keys', keys: keys.slice(0, upTo) });
  const { note, size, root } = covering.signed;
  yield parts.line('checkpoint', { part: 'checkpoint', note, leaves: covering.leaves });
  const manifest = {
    format: FORMAT,
    ...{ ledger, account, month, bill: bill.digest },
    events: { stream, from, to: closed, records },
    checkpoint: { size, root },
    parts: parts.digests(),
  } as const;
  yield `${envelopeLine(manifest, signer)}\n`;
}

/** Reads every event that a bundle has or links. Throws StoredEventUnreadable for one whose seal does not match. */
const checkCovered = async (streams: readonly Chained[], { leaves }: Covering): Promise<void> => {
  for (const [i, leaf] of leaves.entries()) {
    for await (const _ of streams[i]?.upTo(leaf.revision, true) ?? []);
    streams[i]?.checkHead(leaf.head);
  }
};

/** Links for the events between the last required one and the checkpoint's leaf: only what their seals cover. */
async function* links(
  streams: readonly Chained[],
  parts: Parts,
  { leaves }: Covering,
): AsyncGenerator<string> {
  for (const [i, leaf] of leaves.entries()) {
    const events = streams[i];
    if (!events) throw new Error(`no events of ${leaf.stream} were written`);
    for await (const stored of events.upTo(leaf.revision, true)) {
      const { stream, revision, header, data, hash, lines } = stored;
      const payload = payloadDigest(data, lines);
      yield parts.line('link', { part: 'link', stream, revision, header, payload, hash: hexOf(hash) });
    }
    events.checkHead(leaf.head);
  }
}

type Parts = ReturnType<typeof openParts>;

/** Counts and hashes lines per part. */
const openParts = () => {
  const known = new Map<Part, { lines: number; digest: Digesting }>();
  const text = (part: Part, lines: readonly string[]): string => {
    const state = known.get(part) ?? { lines: 0, digest: digesting() };
    known.set(part, state);
    const piece = `${lines.join('\n')}\n`;
    state.lines += lines.length;
    state.digest.update(piece);
    return piece;
  };
  return {
    text,
    line: (part: Part, value: unknown): string => text(part, [canonicalJson(value)]),
    digests: () => [...known].map(([part, { lines, digest }]) => ({ part, lines, sha256: digest.hex() })),
  };
};
