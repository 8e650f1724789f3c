/** The standard streams of a command: the process's own, or those of a test. */

export interface Stream {
  readonly isTTY?: boolean;
  /** False: wait for `drain` before the next piece. */
  write(piece: string | Uint8Array): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

export interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Milliseconds that only go forwards. */
  readonly now: () => number;
}

/** Those of this process. */
export const processStreams = (): Streams => ({
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => performance.now(),
});
