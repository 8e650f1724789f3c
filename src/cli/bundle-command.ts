/** `suanpan bundle`: one file that proves one bill. */
import { NotCovered, writeBundle } from '../audit/bundle/write.ts';
import { LedgerInUse } from '../identity-index/level.ts';
import { issuedBill } from '../ledger/queries/bills.ts';
import { bundlePage } from './bundle-page.ts';
import { keyFor, sealing, withTree } from './checkpoint-signing.ts';
import { type Command, type Context, monthWord, STORE_FLAG, textFlag, WrongUse } from './command.ts';
import { reading } from './ledger-for-reading.ts';
import { writeOutput } from './output-file.ts';
import { counted } from './table.ts';
import { PATH } from './values.ts';
import { writing } from './write-commands.ts';

export const bundle: Command = {
  usage: 'bundle ACCOUNT MONTH -o FILE | --html FILE',
  what: 'Writes the audit bundle of a bill: events, price books, checkpoint and proofs in one file that verifies offline; with --html as a page that reads like the bill, with its verifier in it.',
  flags: {
    ...STORE_FLAG,
    output: { type: 'string', short: 'o', what: 'where to write it (- for standard output)', value: PATH },
    html: { type: 'string', what: 'where to write it as a page to send along', value: PATH },
    'with-name': { type: 'boolean', what: 'put the account holder’s name in it (omitted by default)' },
  },
  words: [2, 2],
  writesFile: true,
  run: async (context) => {
    const [output, html] = [textFlag(context, 'output'), textFlag(context, 'html')];
    const file = output ?? html;
    if (file === undefined || (output !== undefined && html !== undefined))
      throw new WrongUse('usage: suanpan bundle ACCOUNT MONTH, with either -o FILE or --html FILE');
    const to = { file, isPage: html !== undefined };
    try {
      return await write(context, to);
    } catch (error) {
      if (!(error instanceof NotCovered)) throw error;
      await signFirst(context, error);
      return write(context, to);
    }
  },
};

/** Signs a checkpoint if none covers the close yet and the ledger may be written. */
const signFirst = async (context: Context, cause: NotCovered): Promise<void> => {
  try {
    await writing(context, 'real', ({ store }) => sealing(context, store, (sealer) => sealer.sign()));
  } catch (error) {
    if (!(error instanceof LedgerInUse)) throw error;
    throw new WrongUse(`${cause.message}; ask the running server for one: POST /v1/checkpoints`);
  }
};

interface Written {
  readonly file: string;
  /** Whether it is written as a page. */
  readonly isPage: boolean;
}

const write = (context: Context, { file, isPage }: Written): Promise<number> =>
  reading(context, async ({ store, calendar }) =>
    withTree(context, store, async (tree) => {
      const [account = '', word] = context.words;
      const month = monthWord(word);
      const issued = await issuedBill(store, account, month);
      if (!issued) throw new WrongUse(`bill_unknown: ${account} has no bill for ${month}`);
      const of = { store, tree, serverKey: await keyFor(context, store, 'read'), zone: calendar.zone };
      const lines = writeBundle(of, issued, { withHolder: context.flags['with-name'] === true });
      const pieces = isPage ? bundlePage(lines) : lines;
      const { bytes, sha256 } = await writeOutput(context, file, pieces, (n) => `${counted(n)} bytes`);
      context.out.done();
      if (file === '-') return 0;
      context.out.answer({ account, month, file, bytes, sha256, digest: issued.bill.digest });
      const what = isPage ? 'a page with the bundle' : 'the bundle';
      context.out.say(`${counted(bytes)} bytes written to ${file}: ${what} of ${account} ${month}`);
      context.out.say(
        isPage
          ? 'it opens in a browser, without a network, and verifies the bundle in it'
          : `it verifies anywhere: suanpan verify ${file}, or examples/verify-bundle.mjs alone`,
      );
      return 0;
    }),
  );
