/**
 * Gives every client a connection of its own. The transport shares connections: channels of a thread to the same
 * address with the same options use one connection, which outlives the last of them for a while. A client that replaces
 * another would continue on the abandoned, dead connection. A keepalive timeout that differs by some milliseconds
 * separates them.
 */

/** The client's own default. */
const DEFAULT_MS = 10_000;
/** Effectively never: the longest time of a timer. */
const NEVER_MS = 2 ** 31 - 1;
/** More clients than are created while a connection outlives its last client. */
const DIFFERENT = 1_000;
const TIMEOUT = /([?&]keep[_-]?alive[_-]?timeout=)(-?\d+)/i;

let made = 0;

/** A connection string whose client shares no connection with recent clients of this thread. */
export const ownConnection = (connectionString: string): string => {
  made = (made + 1) % DIFFERENT;
  return apart(connectionString, made);
};

const apart = (connectionString: string, more: number): string => {
  if (!TIMEOUT.test(connectionString)) {
    const mark = connectionString.includes('?') ? '&' : '?';
    return `${connectionString}${mark}keepAliveTimeout=${DEFAULT_MS + more}`;
  }
  return connectionString.replace(TIMEOUT, (_, name: string, ms: string) => {
    const given = Number(ms);
    return `${name}${given < 0 ? NEVER_MS - more : given + more}`;
  });
};
