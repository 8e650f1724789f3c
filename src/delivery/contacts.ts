/** Where notices of an account go. What names a person lies in a stream of its own, which can be erased. */
import type { Instant } from '../domain/calendar.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { appendSystem, readSystem } from '../ledger/system/streams.ts';
import type { Contacts } from './events.ts';

export const contactsStream = (account: string): string => `contacts-${account}`;

/** The contacts as last set; null when they never were. */
export const contactsOf = async (store: EventStore, account: string): Promise<Contacts | null> => {
  const last = (await readSystem(store, contactsStream(account))).at(-1);
  if (last?.type !== 'ContactsSet') return null;
  const { email, phone, wechat } = last.data;
  return { email, phone, wechat };
};

/** Sets the contacts; the same again adds nothing. */
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
