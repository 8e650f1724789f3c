/** Content hashes of requests under an Idempotency-Key: the same key with the same content is a retry. */
import type * as z from 'zod';
import { canonicalJson } from '../../../domain/canonical.ts';
import { canonicalContent } from '../../../input/same-content.ts';
import { sha256 } from '../../../integrity/sha256.ts';

export interface Content {
  /** SHA-256 of the request, by the values of its fields. */
  readonly hash: string;
  /** SHA-256 of the request as written, which earlier releases recorded. */
  readonly written: string;
}

/** The content of a body that its schema has parsed; null for a schema: the body is compared as it is. */
export const contentOf = (schema: z.ZodType | null, body: unknown): Content => ({
  hash: sha256(canonicalJson(schema ? canonicalContent(schema, body) : body)),
  written: sha256(canonicalJson(body)),
});

/** Whether a recorded hash is that of a content. */
export const isHashOf = ({ hash, written }: Content, recorded: string | null | undefined): boolean =>
  recorded === hash || recorded === written;
