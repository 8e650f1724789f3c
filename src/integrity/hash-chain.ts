/**
 * The seal: each event's hash covers the previous event's hash, its own place, header and payload, over bytes as
 * written and without the position, so that a copy to another engine keeps every hash and upcasting never touches it.
 * The event's id is derived from the same content, never from its place alone.
 */
import { recordsRoot } from './record-merkle.ts';
import { sha256 } from './sha256.ts';

/** The previous hash for the first event of a stream. */
export const NO_PREVIOUS = '0'.repeat(64);

/** The digest of an event's payload: of its data alone, or of its data and the root over its record lines. */
export const payloadDigest = (data: string, lines: readonly string[] | null): string =>
  lines ? sha256(`suanpan.payload.1\n${sha256(data)}\n${recordsRoot(lines)}`) : sha256(data);

export interface Sealing {
  readonly previous: string;
  readonly stream: string;
  readonly revision: number;
  readonly header: string;
  readonly payload: string;
}

/** The id (a version 8 UUID) and the hash of an event, in hex. */
export const sealOf = ({
  previous,
  stream,
  revision,
  header,
  payload,
}: Sealing): { id: string; hash: string } => {
  const id = uuid(sha256(`suanpan.id.1\n${previous}\n${stream}\n${revision}\n${header}\n${payload}`));
  return {
    id,
    hash: sha256(`suanpan.seal.1\n${previous}\n${stream}\n${revision}\n${id}\n${header}\n${payload}`),
  };
};

const VARIANT = '89ab';
const uuid = (hex: string): string => {
  const variant = VARIANT[Number.parseInt(hex.charAt(16), 16) % VARIANT.length];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
