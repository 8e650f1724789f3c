/** The price books that come with Suanpan: the five price pages, as data. */
import { readFileSync } from 'node:fs';
import type { PriceBookFile } from '../../domain/price-book.ts';
import { priceBookFileSchema } from '../../domain/price-book-schema.ts';

const FILES = [
  'image-analysis-2019-01',
  'face-recognition-2019-01',
  'body-analysis-2019-01',
  'ocr-2019-01',
  'ocr-2020-01',
] as const;

/** The shipped books with their examples, ordered by the month they take effect. */
export const shippedPriceBooks = (): PriceBookFile[] =>
  FILES.map((file) => {
    const text = readFileSync(new URL(`../../../price-books/${file}.json`, import.meta.url), 'utf8');
    return priceBookFileSchema.parse(JSON.parse(text));
  });
