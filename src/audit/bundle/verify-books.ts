/** Verifies the catalogue in a bundle: editions in the order of publication, each matching its digest. */
import { decodeHeader } from '../../codec/event-codec.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { type Catalogue, catalogueFrom, type Edition } from '../../domain/catalogue.ts';
import { payloadDigest } from '../../integrity/hash-chain.ts';
import { sha256 } from '../../integrity/sha256.ts';
import { systemEvents } from '../../ledger/system/events.ts';
import { checkShape, EDITIONS_MAX, EDITIONS_SIZE, within } from './bundle-bounds.ts';
import type * as format from './format.ts';
import type { Report } from './verdict.ts';
import { type Chain, openChain } from './verify-chain.ts';

export interface Books {
  readonly chain: Chain;
  add(line: ReturnType<typeof format.edition.parse>): void;
  catalogue(): Catalogue;
}

const CATALOGUE = 'catalogue';

export const openBooks = (report: Report): Books => {
  const chain = openChain(CATALOGUE, 0, null, report);
  const editions: Edition[] = [];
  let catalogue: Catalogue | null = null;
  let [count, size] = [0, 0];
  return {
    chain,
    catalogue: () => {
      catalogue ??= catalogueFrom([...editions]);
      return catalogue;
    },
    add: (line) => {
      count += 1;
      size += line.data.length;
      within('price books', count, EDITIONS_MAX);
      within('characters of price books', size, EDITIONS_SIZE);
      checkShape(line.header, line.data);
      chain.add('edition', line, payloadDigest(line.data, null));
      const edition = readEdition(line, report);
      if (!edition) return;
      editions.push(edition);
      catalogue = null;
    },
  };
};

const readEdition = (
  { revision, header, data }: { revision: number; header: string; data: string },
  report: Report,
): Edition | null => {
  const event = { stream: CATALOGUE, revision };
  const { type } = decodeHeader({ ...event, header, data });
  if (type !== 'PriceBookPublished') {
    report('edition', 'type', 'PriceBookPublished', type, event);
    return null;
  }
  const { book, digest } = systemEvents.PriceBookPublished.parse(JSON.parse(data));
  const computed = sha256(canonicalJson(book));
  if (computed !== digest) report('edition', 'digest of the book', computed, digest, event);
  return { book, digest };
};
