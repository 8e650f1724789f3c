/**
 * Tells when this thread makes a connection. The client and its channel reconnect without a word, and what answers then
 * may be an engine that was restored from a backup: a connection never outlives its engine. Node publishes every socket
 * when it is made, so before anything is sent on it. Connections to others (a webhook's receiver) are notified too:
 * only the client knows which nodes a cluster has, and one notification too many costs one read.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const SOCKETS = 'net.client.socket';

/** Calls back before a new socket is connected. Returns how to stop it. */
export const onNewConnection = (listener: () => void): (() => void) => {
  const made = (): void => listener();
  subscribe(SOCKETS, made);
  return () => void unsubscribe(SOCKETS, made);
};
