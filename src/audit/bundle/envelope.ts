/** The manifest in a DSSE envelope; the signature covers the type and the bytes, each prefixed with its length. */
import { base64Text, utf8 } from '../../checkpoint/bytes.ts';
import type { VerifierKey } from '../../checkpoint/note.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { MANIFEST_TYPE, type Manifest } from './format.ts';

/** The bytes that a signature of a payload covers (DSSE v1, pre-authentication encoding). */
export const signedBytes = (payload: string): Uint8Array<ArrayBuffer> => {
  const bytes = utf8(payload);
  const head = utf8(`DSSEv1 ${MANIFEST_TYPE.length} ${MANIFEST_TYPE} ${bytes.length} `);
  return Uint8Array.from([...head, ...bytes]);
};

/** The bundle's last line. */
export const envelopeLine = (
  manifest: Manifest,
  { key, sign }: { key: VerifierKey; sign: (bytes: Uint8Array) => Uint8Array },
): string => {
  const payload = canonicalJson(manifest);
  const signature = { keyid: key.text, sig: base64Text(sign(signedBytes(payload))) };
  const envelope = {
    payloadType: MANIFEST_TYPE,
    payload: base64Text(utf8(payload)),
    signatures: [signature],
  };
  return canonicalJson({ part: 'manifest', envelope });
};
