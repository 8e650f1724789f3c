/** A bundle as the source of a bill's panes: what the file has, explained by the code that explains a ledger's bills. */
import type { ReadBundle } from '../../../../src/browser/read-bundle.ts';
import type { BillSource } from '../bill/source.tsx';

export const fileSource = ({ made, books }: ReadBundle, name: string): BillSource | null =>
  made && {
    name,
    isLedger: false,
    explanation: async () => made.explanation,
    records: (_account, _month, asked) => made.records(asked),
    event: (_account, revision) => made.event(revision),
    books: async (editions) =>
      editions.flatMap(({ product, edition }) => {
        const book = books.find((one) => one.product === product && one.edition === edition);
        return book ? [book] : [];
      }),
  };
