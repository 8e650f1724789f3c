/** What a read request asks for, in plain terms. */
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { filterBy, type Visible, visibleInAll } from './event-filter.ts';
import { handlerThrew, notInDouble } from './refusals.ts';
import { ReadReq as Request, streamNameOf } from './wire.ts';

export interface StreamRead {
  readonly kind: 'stream';
  readonly stream: string;
  readonly from: number | 'end';
  readonly backwards: boolean;
  readonly count: number;
}

export interface AllRead {
  readonly kind: 'all';
  readonly from: bigint | 'end';
  readonly backwards: boolean;
  readonly count: number;
}

export interface Subscription {
  readonly kind: 'subscription';
  /** The position of the last event seen: what follows it is sent. */
  readonly from: bigint | 'start' | 'end';
  readonly visible: Visible;
  /** Checkpoints are sent only where a filter may leave long silences. */
  readonly filtered: boolean;
  /** How many records a page of catching up looks at. */
  readonly window: number;
  /** After how many records a checkpoint is due. */
  readonly interval: number;
}

export type ReadRequest = StreamRead | AllRead | Subscription;

/** How many events the server reads at once. */
export const PAGE = 32;

const positionOf = (position: ReadReq.Options.Position): bigint => {
  const commit = BigInt(position.getCommitPosition());
  if (BigInt(position.getPreparePosition()) > commit) throw handlerThrew();
  return commit;
};

const streamRead = (options: ReadReq.Options): StreamRead => {
  const asked = options.getStream();
  return {
    kind: 'stream',
    stream: streamNameOf(asked),
    from: asked?.hasEnd() ? 'end' : Number(asked?.getRevision() ?? 0),
    backwards: options.getReadDirection() === Request.Options.ReadDirection.BACKWARDS,
    count: Number(options.getCount()),
  };
};

const allRead = (options: ReadReq.Options): AllRead => {
  const asked = options.getAll();
  const position = asked?.getPosition();
  return {
    kind: 'all',
    from: asked?.hasEnd() ? 'end' : position ? positionOf(position) : 0n,
    backwards: options.getReadDirection() === Request.Options.ReadDirection.BACKWARDS,
    count: Number(options.getCount()),
  };
};

const subscription = (options: ReadReq.Options): Subscription => {
  const asked = options.getAll();
  const position = asked?.getPosition();
  const filter = options.getFilter();
  const window = filter?.getMax() || PAGE;
  return {
    kind: 'subscription',
    from: asked?.hasEnd() ? 'end' : position ? positionOf(position) : 'start',
    visible: filter ? filterBy(filter) : visibleInAll,
    filtered: filter !== undefined,
    window,
    interval: window * (filter?.getCheckpointintervalmultiplier() ?? 1),
  };
};

/** Reads of a stream or of $all, and subscriptions to $all. */
export const parseRead = (request: ReadReq): ReadRequest => {
  const options = request.getOptions();
  if (!options) throw handlerThrew();
  if (options.hasSubscription()) {
    if (options.hasAll()) return subscription(options);
    throw notInDouble('subscription to a single stream');
  }
  if (options.hasFilter()) throw notInDouble('filtered read of $all');
  return options.hasAll() ? allRead(options) : streamRead(options);
};
