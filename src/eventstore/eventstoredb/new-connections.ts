/**
 * Notifies when this thread opens a connection. The client and its channel reconnect silently, possibly to an engine
 * that was restored from a backup: a connection never outlives its engine. Node publishes every socket when it is
 * created, before anything is sent on it. Connections to other hosts (a webhook's receiver) also notify, since only the
 * client knows a cluster's nodes; a superfluous notification costs one read.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const SOCKETS = 'net.client.socket';

/** Calls back before a new socket is connected. Returns how to stop it. */
export const onNewConnection = (listener: () => void): (() => void) => {
  const made = (): void => listener();
  subscribe(SOCKETS, made);
  return () => void unsubscribe(SOCKETS, made);
};
