/** Verifies the manifest in a bundle: its signature, and that it matches the file. */
import { base64Bytes, textOf } from '../../checkpoint/bytes.ts';
import { isSignedBy, type VerifierKey } from '../../checkpoint/note.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { strictJson } from '../../text/strict-json.ts';
import { differingPaths } from '../replay/json-diff.ts';
import { signedBytes } from './envelope.ts';
import { type Manifest, manifest, manifestLine } from './format.ts';
import type { Report } from './verdict.ts';

/** Checks the envelope's line against the manifest computed from the file. */
export const verifyManifest = async (
  line: string,
  computed: Manifest,
  key: VerifierKey | null,
  report: Report,
): Promise<void> => {
  const read = manifestLine.safeParse(jsonOf(line));
  if (!read.success || canonicalJson(read.data) !== line) {
    report('manifest', 'line', 'an envelope as canonical JSON', read.success ? line : read.error.message);
    return;
  }
  const { payload, signatures } = read.data.envelope;
  const text = decoded(payload);
  const signature = signatures[0];
  const sig = base64Bytes(signature?.sig ?? '');
  if (!key || signature?.keyid !== key.text || text === null || !sig) {
    report('manifest', 'signature', `one of ${key?.text ?? 'the checkpoint’s key'}`, signature?.keyid);
    return;
  }
  if (!(await isSignedBy(key, sig, signedBytes(text)))) report('manifest', 'signature', 'good', 'not good');
  const said = manifest.safeParse(jsonOf(text));
  if (!said.success) {
    report('manifest', 'payload', 'a manifest', said.error.message);
    return;
  }
  for (const { path, recorded, replayed } of differingPaths(said.data, computed))
    report('manifest', named(path, said.data), recorded ?? null, replayed ?? null);
};

/** Replaces the index in `parts.3.sha256` by the part's name. */
const named = (path: string, { parts }: Manifest): string =>
  path.replace(/^parts\.(\d+)/, (_, i) => `part ${parts[Number(i)]?.part ?? i}`);

const decoded = (payload: string): string | null => {
  try {
    const bytes = base64Bytes(payload);
    return bytes && textOf(bytes);
  } catch {
    return null;
  }
};

/** Null also for a text that readers could take differently, such as one with a member twice. */
const jsonOf = (text: string): unknown => {
  const json = strictJson(text);
  return json.ok ? json.value : null;
};
