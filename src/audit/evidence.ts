/** Evidence for a disputed bill: its replay, its explanation and the checkpoint that covers it. */
import type { LogTree } from '../checkpoint/log-tree.ts';
import { canonicalJson } from '../domain/canonical.ts';
import type { Evidence } from '../domain/disputes.ts';
import { sha256 } from '../integrity/sha256.ts';
import type { ReadContext } from '../ledger/context.ts';
import type { IssuedBill } from '../ledger/queries/bills.ts';
import { coveringCheckpoint } from './bundle/covering-checkpoint.ts';
import { explainBill } from './explain/explain-bill.ts';
import { closeAt } from './replay/close-at.ts';
import { replayStream } from './replay/replay.ts';

/** Replays and explains a bill; returns the evidence that its dispute stores. */
export const evidenceOf = async (
  of: ReadContext & { readonly tree: LogTree },
  dispute: string,
  issued: IssuedBill,
): Promise<Evidence> => {
  const { bill, closed } = issued;
  const { stream, from } = bill.events;
  const explanation = sha256(canonicalJson(await explainBill(of, issued)));
  const { catalogue: published } = (await closeAt(of.store, stream, closed)).data;
  const covering = await coveringCheckpoint(of, stream, closed, published);
  const { size, root } = covering?.signed ?? {};
  const checkpoint = size === undefined || root === undefined ? null : { size, root };
  for await (const result of replayStream(of, stream, { since: from, closed })) {
    const { match, issued: before, replayed, differences } = result;
    const replay = { match, issued: before, replayed, differences: differences.length };
    return { dispute, replay, explanation, checkpoint };
  }
  throw new Error(`event ${closed} of ${stream} closes no month`);
};
