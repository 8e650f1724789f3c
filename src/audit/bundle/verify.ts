/**
 * Verifies an audit bundle from the file alone, in one pass and constant memory: digests of its parts, signature,
 * proofs, hash chains, price books, the replay of every event, the bill. Depends only on WebCrypto and the hash in
 * `integrity/sha256.ts`, so that it also runs in a browser.
 */

import { hexText } from '../../checkpoint/bytes.ts';
import type { VerifierKey } from '../../checkpoint/note.ts';
import type { Bill } from '../../domain/bill.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { digestOf } from '../replay/replay-month.ts';
import * as format from './format.ts';
import { linesOf, NotLines } from './lines.ts';
import type { OnEvent } from './parts-read.ts';
import { openReader, type Reader } from './reader.ts';
import { openReport, type Report, type Verdict } from './verdict.ts';
import { verifyCheckpoint } from './verify-checkpoint.ts';
import { verifyManifest } from './verify-manifest.ts';

export interface VerifyOptions {
  /** The caller's keys; without any, the signing key is reported but not checked. */
  readonly keys?: readonly VerifierKey[];
  readonly onProgress?: (lines: number) => void;
  readonly onEvent?: OnEvent;
}

/** Verifies a bundle's bytes. Problems of the file are findings, not errors. */
export const verifyBundle = async (
  pieces: AsyncIterable<Uint8Array>,
  options: VerifyOptions = {},
): Promise<Verdict> => (await verifyAndRead(pieces, options)).verdict;

/** What a bundle says, as far as it could be read. */
export interface BundleRead {
  readonly verdict: Verdict;
  /** Null if it has none that can be read. */
  readonly bill: Bill | null;
  readonly holder: string | null;
  readonly catalogue: Catalogue;
}

/** Verifies like `verifyBundle`, and gives what the file says. */
export const verifyAndRead = async (
  pieces: AsyncIterable<Uint8Array>,
  options: VerifyOptions = {},
): Promise<BundleRead> => {
  const { findings, report, isFull } = openReport();
  const reader = openReader(report, isFull, options.onEvent);
  try {
    for await (const lines of linesOf(pieces)) {
      for (const line of lines) if (!reader.line(line)) break;
      options.onProgress?.(reader.lines());
      if (reader.isBroken()) break;
    }
  } catch (error) {
    if (!(error instanceof NotLines)) throw error;
    report('file', 'bytes', 'lines of UTF-8 text', error.message, reader.place());
  }
  const outcome = await concluded(reader, options.keys ?? [], report).catch((error: unknown) => {
    report(
      'file',
      'content',
      'what can be read',
      error instanceof Error ? error.message : String(error),
      reader.place(),
    );
    return NOTHING;
  });
  const { about, bill, holder, books } = reader.read();
  const verdict = {
    ok: findings.length === 0,
    account: about?.account ?? null,
    month: about?.month ?? null,
    ledger: about?.ledger ?? null,
    zone: about?.zone ?? null,
    bill: bill ? { due: bill.due, total: bill.total, digest: bill.digest } : null,
    ...outcome,
    findings: findings.map((one) =>
      one.stream === null && about ? { ...one, stream: about.stream, revision: about.to } : one,
    ),
    doesNotProve: format.DOES_NOT_PROVE,
  };
  return { verdict, bill, holder, catalogue: books.catalogue() };
};

type Concluded = Pick<Verdict, 'checkpoint' | 'note' | 'signedBy' | 'isKeyHeld' | 'events' | 'records'>;

const NOTHING: Concluded = {
  checkpoint: null,
  note: null,
  signedBy: null,
  isKeyHeld: null,
  events: 0,
  records: 0,
};

/** The checks that need the whole file: bill, checkpoint and manifest. */
const concluded = async (
  reader: Reader,
  held: readonly VerifierKey[],
  report: Report,
): Promise<Concluded> => {
  const { about, hasLedger, bill, events, books, keys, checkpoint, envelope } = reader.read();
  if (reader.isBroken()) return NOTHING;
  if (!about || !hasLedger || !bill || !events || !keys || !checkpoint || envelope === null) {
    report('file', 'parts', 'all of them', 'the file ends before its manifest', reader.place());
    return NOTHING;
  }
  const { account, month, ledger, stream, from, to } = about;
  const own = accountStream(account);
  if (stream !== own) report('about', 'stream', own, stream);
  if (bill.account !== account || bill.month !== month)
    report('bill', 'account and month', `${account} ${month}`, `${bill.account} ${bill.month}`);
  if (digestOf(bill) !== bill.digest) report('bill', 'digest', digestOf(bill), bill.digest);
  const counted = reader.counted();
  const chains = books.chain.next() > 0 ? [events.chain, books.chain] : [events.chain];
  const proved = await verifyCheckpoint(checkpoint, keys, chains, { ledger, held }, report);
  const { size, root } = proved
    ? { size: proved.checkpoint.size, root: hexText(proved.checkpoint.root) }
    : { size: 0, root: '' };
  const computed: format.Manifest = {
    format: format.FORMAT,
    ...{ ledger, account, month, bill: bill.digest },
    events: { stream, from, to, records: reader.recordLines() },
    checkpoint: { size, root },
    parts: reader.digests(),
  };
  await verifyManifest(envelope, computed, proved?.signedBy ?? null, report);
  return {
    checkpoint: proved ? { size, root, time: proved.checkpoint.time } : null,
    note: proved?.checkpoint ?? null,
    signedBy: proved?.signedBy.text ?? null,
    isKeyHeld: proved?.isKeyHeld ?? null,
    ...counted,
  };
};
