/** The replay of a bill: both digests, and each line of the two bills side by side. */
import type { Bill } from '../../../../../client/suanpan.ts';
import { counted, yuan } from '../../../format/format.ts';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { useText } from '../../../messages/language.tsx';
import { Loaded } from '../../../parts/Loaded.tsx';
import { Table } from '../../../parts/Table.tsx';
import type { Names } from '../names.ts';
import styles from '../why/Why.module.css';
import { proofMessages } from './messages.ts';
import proof from './Proof.module.css';

export const Replay = ({ bill, names }: { readonly bill: Bill; readonly names: Names }) => {
  const text = useText(proofMessages);
  const { account, month } = bill;
  const query = useLedgerQuery(['fixed', 'replay', account, month], ({ client, signal }) =>
    client.getAccountsBillsReplay(account, month, { signal, timeoutMs: 600_000 }),
  );
  if (query.isFetching) return <p aria-busy="true">{text.replaying}</p>;
  return (
    <Loaded query={query} lines={12}>
      {(replay) => (
        <div className={proof.replay}>
          <p role="status" className={replay.match ? proof.good : proof.bad}>
            {replay.match ? text.matches : text.differs}
          </p>
          <p className={styles.note}>{text.compared(counted(replay.events), counted(replay.records))}</p>
          <dl className={styles.fact}>
            <dt>
              {text.digest}, {text.issued}
            </dt>
            <dd>
              <code>{replay.issued}</code>
            </dd>
            <dt>
              {text.digest}, {text.replayed}
            </dt>
            <dd>
              <code>{replay.replayed === '' ? '–' : replay.replayed}</code>
            </dd>
          </dl>
          <Compared lines={replay.lines} names={names} />
          {replay.differences.length === 0 ? null : <Differences differences={replay.differences} />}
        </div>
      )}
    </Loaded>
  );
};

interface ComparedLine {
  readonly part: 'line' | 'pack' | 'correction' | 'credit' | 'sum';
  readonly name: string;
  readonly issued: string | null;
  readonly replayed: string | null;
  readonly match: boolean;
}

const Compared = ({ lines, names }: { readonly lines: readonly ComparedLine[]; readonly names: Names }) => {
  const text = useText(proofMessages);
  const sums: Readonly<Record<string, string>> = {
    due: text.due,
    packs: text.packs,
    total: text.total,
    unfrozen: text.unfrozen,
    frozen: text.frozen,
  };
  const nameOf = ({ part, name }: ComparedLine): string => {
    if (part === 'line') return names.meter(name);
    if (part === 'pack') return text.packOf(name);
    if (part === 'correction') {
      const slash = name.indexOf('/');
      return `${text.correctionOf(name.slice(0, slash))} ${names.meter(name.slice(slash + 1))}`;
    }
    return part === 'credit' ? text.creditOf(name) : (sums[name] ?? name);
  };
  return (
    <Table
      caption={text.replay}
      rows={lines}
      keyOf={({ part, name }) => `${part} ${name}`}
      columns={[
        { name: text.line, cell: nameOf },
        { name: text.issued, isNumber: true, cell: ({ issued }) => yuan(issued) },
        { name: text.replayed, isNumber: true, cell: ({ replayed }) => yuan(replayed) },
        {
          name: text.same,
          cell: ({ match }) => (
            <span className={match ? proof.same : proof.other}>{match ? text.isSame : text.isOther}</span>
          ),
        },
      ]}
    />
  );
};

interface DifferenceShown {
  readonly event: { readonly stream: string; readonly revision: number };
  readonly path: string;
  readonly recorded?: unknown;
  readonly replayed?: unknown;
}

const Differences = ({ differences }: { readonly differences: readonly DifferenceShown[] }) => {
  const text = useText(proofMessages);
  const json = (value: unknown): string => JSON.stringify(value) ?? '–';
  return (
    <Table
      caption={text.differences}
      isCaptionShown
      rows={differences}
      keyOf={({ event, path }, i) => `${event.revision} ${path} ${i}`}
      columns={[
        { name: text.event, isNumber: true, cell: ({ event }) => String(event.revision) },
        { name: text.path, cell: ({ path }) => <code>{path}</code> },
        { name: text.issued, cell: ({ recorded }) => <code className={proof.json}>{json(recorded)}</code> },
        { name: text.replayed, cell: ({ replayed }) => <code className={proof.json}>{json(replayed)}</code> },
      ]}
    />
  );
};
