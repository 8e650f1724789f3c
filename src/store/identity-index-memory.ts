/** The identity index in memory, for ledgers in memory. */
import { type IdentityIndex, keyText, type Locator } from './identity-index.ts';

export const openMemoryIndex = (): IdentityIndex => {
  const accounts = new Map<string, { length: number; places: Map<string, Locator> }>();
  return {
    watermark: async (account) => accounts.get(account)?.length ?? 0,
    find: async (account, keys) => keys.map((key) => accounts.get(account)?.places.get(keyText(key))),
    maybe: (account, print) => accounts.get(account)?.places.has(keyText({ kind: 'record', print })) ?? false,
    put: (account, length, entries) => {
      const known = accounts.get(account) ?? { length: 0, places: new Map<string, Locator>() };
      for (const { key, revision, ordinal } of entries) known.places.set(keyText(key), { revision, ordinal });
      known.length = length;
      accounts.set(account, known);
    },
    flush: async () => undefined,
    close: async () => undefined,
  };
};
