/** The misfortunes a test prepares: each befalls the next call that it is meant for, then is spent. */
import { status } from '@grpc/grpc-js';

export type Mishap =
  /** The connection of the call is reset, with everything else that it carries. */
  | { readonly kind: 'connection lost' }
  /** Nothing more is heard of the call. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'late'; readonly milliseconds: number }
  | { readonly kind: 'status'; readonly code: status; readonly details: string };

export const connectionLost: Mishap = { kind: 'connection lost' };
export const silence: Mishap = { kind: 'silence' };
export const late = (milliseconds: number): Mishap => ({ kind: 'late', milliseconds });
export const failing = (code: status, details: string): Mishap => ({ kind: 'status', code, details });

/** As the server answers while it starts, also shortly after its health page says that it is up. */
export const notReady: Mishap = failing(status.UNAVAILABLE, 'Server Is Not Ready');

/** As the server ends a subscription whose reader lags behind. */
export const consumerTooSlow: Mishap = failing(
  status.ABORTED,
  'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
);

/** When an append meets its mishap: before it changed anything, or when it is stored and only the answer is missing. */
export type AppendMoment = 'unapplied' | 'applied';

export interface AppendFault {
  readonly moment: AppendMoment;
  readonly mishap: Mishap;
}

export type ReadKind = 'stream' | 'all' | 'subscription';

export interface ReadFault {
  /** How many events are sent before. */
  readonly after: number;
  readonly mishap: Mishap;
}

export interface Faults {
  /** For the next append, or the next ones; to a certain stream when one is named. */
  readonly onAppend: (
    moment: AppendMoment,
    mishap: Mishap,
    only?: { readonly stream?: string; readonly times?: number },
  ) => void;
  /** For the next read, or the next ones; of a certain kind when one is named. */
  readonly onRead: (
    after: number,
    mishap: Mishap,
    only?: { readonly of?: ReadKind; readonly times?: number },
  ) => void;
  readonly clear: () => void;
}

/** What the server asks of the prepared faults. */
export interface PreparedFaults extends Faults {
  readonly forAppend: (stream: string) => AppendFault | undefined;
  readonly forRead: (kind: ReadKind) => ReadFault | undefined;
}

interface Prepared<T> {
  readonly fault: T;
  readonly target: string | undefined;
  left: number;
}

const openQueue = <T>() => {
  const prepared: Prepared<T>[] = [];
  return {
    prepare: (fault: T, target: string | undefined, times = 1): void => {
      prepared.push({ fault, target, left: times });
    },
    take: (target: string): T | undefined => {
      const first = prepared.find((one) => one.left > 0 && (one.target ?? target) === target);
      if (first) first.left -= 1;
      return first?.fault;
    },
    clear: (): void => {
      prepared.length = 0;
    },
  };
};

export const prepareFaults = (): PreparedFaults => {
  const appends = openQueue<AppendFault>();
  const reads = openQueue<ReadFault>();
  return {
    onAppend: (moment, mishap, only) => appends.prepare({ moment, mishap }, only?.stream, only?.times),
    onRead: (after, mishap, only) => reads.prepare({ after, mishap }, only?.of, only?.times),
    forAppend: appends.take,
    forRead: reads.take,
    clear: () => {
      appends.clear();
      reads.clear();
    },
  };
};
