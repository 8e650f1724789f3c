/** What verifying found, and the bill that the file has. */
import type { ReadBundle } from '../../../../src/browser/read-bundle.ts';
import { counted, instantTextIn, ZoneProvider } from '../../format/format.ts';
import { useLanguage, useText } from '../../messages/language.tsx';
import { Table } from '../../parts/Table.tsx';
import { BillOfFile } from './BillOfFile.tsx';
import { useDoesNotProve } from './does-not-prove.ts';
import { verifyMessages } from './messages.ts';
import styles from './Verify.module.css';

export const Result = ({ bundle }: { readonly bundle: ReadBundle }) => {
  const text = useText(verifyMessages);
  const { verdict, compared, isSound } = bundle;
  return (
    <ZoneProvider value={verdict.zone ?? 'UTC'}>
      <section className={`${styles.verdict} ${isSound ? styles.sound : styles.unsound}`}>
        <h2>{isSound ? text.verified : text.notVerified}</h2>
        {verdict.account === null ? <p>{text.notABundle}</p> : <About verdict={verdict} />}
        <ul>
          {compared.map(({ size, inconsistency }) => (
            <li key={size}>
              {inconsistency === null
                ? text.consistent(counted(size))
                : text.inconsistent(counted(size), inconsistency)}
            </li>
          ))}
        </ul>
      </section>
      {verdict.findings.length === 0 ? null : <Findings verdict={verdict} />}
      <BillOfFile bundle={bundle} />
      {isSound ? <DoesNotProve verdict={verdict} /> : null}
    </ZoneProvider>
  );
};

type Of = Pick<ReadBundle, 'verdict'>;

const About = ({ verdict }: Of) => {
  const text = useText(verifyMessages);
  const { locale } = useLanguage();
  const { account, month, ledger, zone, checkpoint, signedBy, isKeyHeld, events, records } = verdict;
  const { instant, month: monthName } = instantTextIn(locale, zone ?? 'UTC');
  return (
    <>
      <p>{text.bundleOf(account ?? '', month ? monthName(month) : '')}</p>
      <p>{text.decided(counted(events), counted(records))}</p>
      <dl className={styles.facts}>
        <dt>{text.ledger}</dt>
        <dd>{ledger}</dd>
        {checkpoint ? (
          <>
            <dt>{text.checkpoint(counted(checkpoint.size))}</dt>
            <dd>
              {instant(checkpoint.time)} ({zone}) · {checkpoint.root}
            </dd>
          </>
        ) : null}
        {signedBy ? (
          <>
            <dt>{text.signedBy}</dt>
            <dd>{signedBy}</dd>
          </>
        ) : null}
      </dl>
      {signedBy ? (
        <p>{isKeyHeld === null ? text.keyUnchecked : isKeyHeld ? text.keyHeld : text.keyNotHeld}</p>
      ) : null}
    </>
  );
};

const Findings = ({ verdict: { findings } }: Of) => {
  const text = useText(verifyMessages);
  return (
    <section className={styles.block}>
      <h2>{text.findings}</h2>
      <Table
        caption={text.findings}
        rows={findings}
        keyOf={(_, i) => String(i)}
        columns={[
          {
            name: text.where,
            cell: ({ part, stream, revision }) =>
              stream === null ? text.part(part) : text.event(String(revision), stream),
          },
          { name: text.what, cell: ({ what }) => what },
          { name: text.expected, cell: ({ expected }) => <code>{expected}</code> },
          { name: text.found, cell: ({ found }) => <code>{found}</code> },
        ]}
      />
    </section>
  );
};

const DoesNotProve = ({ verdict: { doesNotProve } }: Of) => {
  const text = useText(verifyMessages);
  const said = useDoesNotProve();
  return (
    <section className={styles.block}>
      <h2>{text.doesNotProve}</h2>
      <ul className={styles.list}>
        {doesNotProve.map((line) => (
          <li key={line}>{said(line)}</li>
        ))}
      </ul>
    </section>
  );
};
