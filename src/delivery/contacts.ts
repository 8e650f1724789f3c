/** Contacts for an account's notices. Personal data is in a separate stream, which can be erased. */
import type { Instant } from '../domain/calendar.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { appendSystem, readSystem } from '../ledger/system/streams.ts';
import type { Contacts } from './events.ts';

export const contactsStream = (account: string): string => `contacts-${account}`;

/** The current contacts; null if never set. */
export const contactsOf = async (store: EventStore, account: string): Promise<Contacts | null> => {
  const last = (await readSystem(store, contactsStream(account))).at(-1);
  if (last?.type !== 'ContactsSet') return null;
  const { email, phone, wechat } = last.data;
  return { email, phone, wechat };
};

/** Sets the contacts; a no-op if they are unchanged. */
export const setContacts = async (
  store: EventStore,
  account: string,
  contacts: Contacts,
  at: Instant,
  recordedAt: string,
): Promise<void> => {
  await appendSystem(store, contactsStream(account), 'ContactsSet', at, recordedAt, async () => {
    const now = await contactsOf(store, account);
    const { email, phone, wechat } = contacts;
    const isSame = now?.email === email && now.phone === phone && now.wechat === wechat;
    return isSame ? [] : [{ account, email, phone, wechat }];
  });
};
