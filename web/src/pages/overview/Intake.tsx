/** What came in today by outcome, and on each of the last days. */
import type { Overview } from '../../../../client/suanpan.ts';
import { DayBars } from '../../charts/DayBars.tsx';
import { counted, useInstants, yuan } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Table } from '../../parts/Table.tsx';
import { useSession } from '../../session/session.tsx';
import { accountsHref } from '../accounts/asked.ts';
import { Card } from './Card.tsx';
import { overviewMessages } from './messages.ts';
import styles from './Overview.module.css';

export const Intake = ({ overview }: { readonly overview: Overview }) => {
  const text = useText(overviewMessages);
  const { instant } = useInstants();
  const { may } = useSession();
  const { intake, server, today } = overview;
  const now = intake.find(({ day }) => day === today);
  if (!now) return null;
  const inbox = may('operate') ? '/inbox' : undefined;
  const codes = now.codes.map(({ code, reports }) => `${code} ${counted(reports)}`).join(', ');
  return (
    <section className={styles.part}>
      <h2>{text.intake(today)}</h2>
      <dl className={styles.cards}>
        <Card
          name={text.accepted}
          value={counted(now.accepted)}
          hint={text.calls(counted(now.calls))}
          href={accountsHref({})}
        />
        <Card name={text.corrections} value={counted(now.corrections)} />
        <Card name={text.refused} value={counted(now.refused)} hint={codes} href={inbox} />
        <Card
          name={text.packsSold}
          value={counted(now.packsSold)}
          hint={yuan(now.packRevenue)}
          href="/overview#packs"
        />
      </dl>
      <p className={styles.soft}>
        {text.server(
          instant(server.since),
          counted(server.accepted),
          counted(server.duplicates),
          counted(server.conflicts),
          counted(server.refused),
        )}
      </p>
      {intake.every(({ accepted, refused }) => accepted + refused === 0) ? (
        <Empty>{text.noIntake}</Empty>
      ) : (
        <>
          <DayBars
            title={text.intakeChart}
            series={[
              { name: text.accepted, color: 2 },
              { name: text.refused, color: 1 },
            ]}
            bars={intake.map(({ day, accepted, refused }) => ({ day, values: [accepted, refused] }))}
          />
          <details>
            <summary>{text.asTable}</summary>
            <Table
              caption={text.intakeChart}
              rows={intake.toReversed()}
              keyOf={({ day }) => day}
              columns={[
                { name: text.day, cell: ({ day }) => day },
                { name: text.accepted, isNumber: true, cell: ({ accepted }) => counted(accepted) },
                { name: text.callsName, isNumber: true, cell: ({ calls }) => counted(calls) },
                { name: text.corrections, isNumber: true, cell: ({ corrections }) => counted(corrections) },
                { name: text.refused, isNumber: true, cell: ({ refused }) => counted(refused) },
                { name: text.packsSold, isNumber: true, cell: ({ packsSold }) => counted(packsSold) },
                { name: text.packRevenue, isNumber: true, cell: ({ packRevenue }) => yuan(packRevenue) },
              ]}
            />
          </details>
        </>
      )}
    </section>
  );
};
