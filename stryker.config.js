// Mutation testing of the rules: `npm run mutation`, and `npx stryker run --mutate src/domain/ladder.ts` for one file.
export default {
  mutate: ['src/domain/**/*.ts'],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'scripts/vitest.mutation.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // Names no file: Stryker would rewrite tsconfig.json with the JavaScript API that TypeScript 7 no longer has.
  tsconfigFile: 'none',
  concurrency: 1,
  // Endless loops are found by counting how often the mutant is reached. What only a busy machine makes slow must not
  // count as killed.
  timeoutMS: 30_000,
  incremental: true,
  incrementalFile: '.stryker/incremental.json',
  tempDirName: '.stryker/sandbox',
  jsonReporter: { fileName: '.stryker/report.json' },
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};
