/** Calls to a worker thread: asked with an id, answered by it in any order; none waits for a thread that has ended. */
import { type Transferable, Worker } from 'node:worker_threads';

/** What a thread answers a call with. */
export interface Answer {
  readonly id: number;
}

export interface CalledThread<Request extends object, Reply extends Answer> {
  /** Resolves with the answer; rejects with the failure in it, or if the thread ends first. */
  ask(request: Request, transfer?: readonly Transferable[]): Promise<Reply>;
  /** Sends what is not answered. */
  tell(message: object, transfer?: readonly Transferable[]): void;
  /** Rejects what waits for an answer, and every later call. The first failure counts. */
  fail(error: Error): void;
  /** Why calls are not answered any more; null: they are. */
  failed(): Error | null;
  /** Resolves when the thread has ended. */
  readonly exited: Promise<void>;
  /** Ends the thread at once. */
  terminate(): Promise<void>;
}

export interface CallOptions<Reply extends Answer, Told> {
  /** What the thread is given when it starts. */
  readonly data: unknown;
  /** The failure in an answer; null for any other answer. */
  failureOf?(reply: Reply): Error | null;
  /** How calls fail that a thread did not answer before it ended. */
  ended(why: string): Error;
  /** Is given messages that answer no call. */
  told?(message: Told): void;
}

/** A module beside the one with the URL `from`, named without its ending: compiled ones lie beside compiled ones. */
const besides = (from: string, module: string): URL =>
  new URL(`${module}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);

/** Starts a thread that runs a module (`./worker`) beside the one that asks (`import.meta.url`). */
export const startThread = <Request extends object, Reply extends Answer, Told extends object = never>(
  from: string,
  module: string,
  options: CallOptions<Reply, Told>,
): CalledThread<Request, Reply> => {
  const worker = new Worker(besides(from, module), { workerData: options.data });
  const waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  let asks = 0;
  let failed: Error | null = null;
  let why: string | null = null;

  const fail = (error: Error): void => {
    failed ??= error;
    for (const { reject } of waiting.values()) reject(failed);
    waiting.clear();
  };
  worker.on('error', (error) => {
    why = error instanceof Error ? error.message : String(error);
  });
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      fail(options.ended(why ?? `exit ${code}`));
      resolve();
    });
  });
  worker.on('message', (message: Reply | Told) => {
    if (!isAnswer(message)) {
      options.told?.(message);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    const failure = options.failureOf?.(message) ?? null;
    if (failure) call?.reject(failure);
    else call?.resolve(message);
  });

  return {
    ask: (request, transfer) =>
      new Promise((resolve, reject) => {
        if (failed) throw failed;
        asks += 1;
        waiting.set(asks, { resolve, reject });
        worker.postMessage({ ...request, id: asks }, transfer);
      }),
    tell: (message, transfer) => worker.postMessage(message, transfer),
    fail,
    failed: () => failed,
    exited,
    terminate: async () => void (await worker.terminate()),
  };
};

const isAnswer = <Reply extends Answer, Told extends object>(message: Reply | Told): message is Reply =>
  'id' in message;
