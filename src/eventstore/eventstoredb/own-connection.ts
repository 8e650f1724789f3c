/**
 * A connection of its own for every client. The transport under the client shares them: channels of a thread to the same
 * address with the same options are one connection, which outlives the last of them for a while. A client that replaces
 * another would go on over the connection that was given up, dead as it is. A keepalive timeout that differs by some
 * milliseconds sets them apart.
 */

/** The client's own default. */
const DEFAULT_MS = 10_000;
/** What stands for never: the longest time of a timer. */
const NEVER_MS = 2 ** 31 - 1;
/** More clients than are made while a connection outlives its last one. */
const DIFFERENT = 1_000;
const TIMEOUT = /([?&]keep[_-]?alive[_-]?timeout=)(-?\d+)/i;

let made = 0;

/** A connection string whose client shares its connection with none that was made in this thread lately. */
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
