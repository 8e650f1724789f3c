/** What a gateway reports. */

/** A usage CloudEvent: (`source`, `id`) identifies it within its account for ever, so that it is safe to send again. */
export interface UsageEvent {
  readonly specversion: '1.0';
  readonly type: 'suanpan.usage';
  /** Who reports, for example `/gateway/1`; at most 200 bytes. */
  readonly source: string;
  /** The reporter's own id of the record; at most 200 bytes. */
  readonly id: string;
  /** The account. */
  readonly subject: string;
  /** When the calls were made: RFC 3339 with an offset. */
  readonly time: string;
  readonly data: UsageOfCalls | UsageOfImages;
}

/** Calls of an interface. */
export interface UsageOfCalls {
  /** For example `face-recognition/compare`. */
  readonly interface: string;
  readonly calls: number;
}

/** Images sent in one call of an interface that counts those that were recognised. */
export interface UsageOfImages {
  readonly interface: string;
  readonly submitted: number;
  readonly recognised: number;
}
