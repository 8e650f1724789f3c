/** The identity index in memory, for ledgers in memory. */
import { type IdentityIndex, keyText, type Locator, type Watermark } from './port.ts';

interface Known extends Watermark {
  readonly places: Map<string, Locator>;
}

export const openMemoryIndex = (): IdentityIndex => {
  const accounts = new Map<string, Known>();
  return {
    watermark: async (account) => {
      const { length = 0, head = null } = accounts.get(account) ?? {};
      return { length, head };
    },
    find: async (account, keys) => keys.map((key) => accounts.get(account)?.places.get(keyText(key))),
    maybe: (account, print) => accounts.get(account)?.places.has(keyText({ kind: 'record', print })) ?? false,
    put: (account, length, head, entries) => {
      const places = accounts.get(account)?.places ?? new Map<string, Locator>();
      for (const { key, revision, ordinal } of entries) places.set(keyText(key), { revision, ordinal });
      accounts.set(account, { length, head, places });
    },
    forget: async (account) => void accounts.delete(account),
    flush: async () => undefined,
    close: async () => undefined,
  };
};
