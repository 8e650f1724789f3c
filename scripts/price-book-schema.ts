/**
 * Writes price-books/price-book.schema.json from the schema that parses price books: `npm run price-book-schema`. A test
 * fails if the file is outdated.
 */
import { writeFileSync } from 'node:fs';
import { priceBookSchemaText } from './price-book-schema-text.ts';

writeFileSync(new URL('../price-books/price-book.schema.json', import.meta.url), priceBookSchemaText());
