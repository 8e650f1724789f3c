/** The JSON Schema of price books, for editors: made from the schema that parses them. */
import * as z from 'zod';
import { sentPriceBookSchema } from '../src/domain/price-book-schema.ts';

/** The text of price-books/price-book.schema.json: JSON Schema 2020-12. */
export const priceBookSchemaText = (): string => {
  const { $schema, ...schema } = z.toJSONSchema(sentPriceBookSchema, {
    target: 'draft-2020-12',
    io: 'input',
  });
  const head = { $schema, title: 'Suanpan price book', description: 'Explained in docs/price-books.md.' };
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`;
};
