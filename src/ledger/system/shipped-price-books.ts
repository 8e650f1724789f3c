/** The price books that come with Suanpan: the five price pages, as data. */
import { readFileSync } from 'node:fs';
import type { PriceBook } from '../../domain/price-book.ts';
import { priceBookSchema } from '../../domain/price-book-schema.ts';

const FILES = [
  'image-analysis-2019-01',
  'face-recognition-2019-01',
  'body-analysis-2019-01',
  'ocr-2019-01',
  'ocr-2020-01',
] as const;

/** The shipped books, ordered by the month they take effect. */
export const shippedPriceBooks = (): PriceBook[] =>
  FILES.map((file) => {
    const text = readFileSync(new URL(`../../../price-books/${file}.json`, import.meta.url), 'utf8');
    return priceBookSchema.parse(JSON.parse(text));
  });
