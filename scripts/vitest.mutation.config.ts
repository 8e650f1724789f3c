import { defineConfig } from 'vitest/config';

/** The suites that a mutant of the domain has to fail: pure and fast, in one process. */
export default defineConfig({
  test: {
    include: ['test/{domain,price-books}/**/*.test.ts'],
    exclude: [
      // Reads the text of the sources, which mutants are written into.
      'test/domain/every-refusal.test.ts',
      // Count steps, of which an instrumented source has more.
      'test/domain/growth.test.ts',
      'test/price-books/bounds.test.ts',
      // Drive a whole ledger.
      'test/domain/{disputes,identity-pairs}.test.ts',
    ],
    isolate: false,
    testTimeout: 240_000,
  },
});
