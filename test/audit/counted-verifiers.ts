/** Both verifiers, on a file: what `hostile-bundles.test.ts` counts the work of. */
import { createReadStream } from 'node:fs';
import { verifyBundle } from '../../src/audit/bundle/verify.ts';

const program = await import(new URL('../../examples/verify-bundle.mjs', import.meta.url).href);

const asked = (verdict: boolean): void => {
  if (!verdict) throw new Error('the bundle does not verify');
};

export const first = async (file: string): Promise<void> =>
  asked((await verifyBundle(createReadStream(file))).ok);

export const second = async (file: string): Promise<void> => asked((await program.verify(file)).verified);
