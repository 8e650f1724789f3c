/** Notices to account holders, in order. Key: account/revision/index. */
import * as z from 'zod';
import { instantText } from '../domain/calendar.ts';
import type { Projection } from './projection.ts';

const noticeView = z.strictObject({
  id: z.string(),
  kind: z.string(),
  channels: z.array(z.string()).readonly(),
  about: z.record(z.string(), z.union([z.string(), z.number()])),
  at: z.string(),
});
export type NoticeView = Readonly<z.infer<typeof noticeView>>;

const REVISION_DIGITS = 12;

/** The part of a key behind the account that sorts before the notices of a revision, and behind all earlier ones. */
export const beforeRevision = (revision: number): string => String(revision).padStart(REVISION_DIGITS, '0');

export const notices: Projection<NoticeView> = {
  name: 'notices',
  version: 1,
  schema: noticeView,
  project: ({ account, revision, event }, values) => {
    if (event.type !== 'NoticesRaised') return;
    for (const [i, { id, kind, channels, about }] of event.data.notices.entries()) {
      const key = `${account}/${beforeRevision(revision)}/${i}`;
      values.set(key, { id, kind, channels, about, at: instantText(event.at) });
    }
  },
};
