/** Identifies the request that caused an event. */
import * as z from 'zod';

/** A request's idempotency key and content hash; null without a key. */
export const requestMark = z.object({ key: z.string(), hash: z.string() }).nullable();
export type RequestMark = NonNullable<z.infer<typeof requestMark>>;
