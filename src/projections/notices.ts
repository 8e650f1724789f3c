/** Notices to account holders, in order. Key: account/revision/place. */
import { instantText } from '../domain/calendar.ts';
import type { Projection } from './projection.ts';

export type NoticeView = {
  readonly id: string;
  readonly kind: string;
  readonly channels: readonly string[];
  readonly about: { readonly [name: string]: string | number };
  readonly at: string;
};

const REVISION_DIGITS = 12;

export const notices: Projection<NoticeView> = {
  name: 'notices',
  version: 1,
  project: ({ account, revision, event }, values) => {
    if (event.type !== 'NoticesRaised') return;
    for (const [i, { id, kind, channels, about }] of event.data.notices.entries()) {
      const key = `${account}/${String(revision).padStart(REVISION_DIGITS, '0')}/${i}`;
      values.set(key, { id, kind, channels, about, at: instantText(event.at) });
    }
  },
};
