/** Which request made an event. */
import * as z from 'zod';

/** The key and the content's hash of a request; null where it had no idempotency key. */
export const requestMark = z.object({ key: z.string(), hash: z.string() }).nullable();
export type RequestMark = NonNullable<z.infer<typeof requestMark>>;
