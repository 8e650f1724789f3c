/** What happened to a dispute, in order, each with its event. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Dispute } from '../../../../client/suanpan.ts';
import { counted, useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import styles from './Dispute.module.css';
import { disputeMessages } from './messages.ts';

export const Life = ({ dispute }: { readonly dispute: Dispute }) => {
  const text = useText(disputeMessages);
  const { opened, evidence, resolved } = dispute;
  return (
    <section aria-label={text.life}>
      <h2>{text.life}</h2>
      <ol className={styles.life}>
        <Step dispute={dispute} title={text.opened} {...opened} />
        {evidence.map((found) => (
          <Step key={found.revision} dispute={dispute} title={text.evidence} by={null} {...found}>
            <Found found={found} />
          </Step>
        ))}
        {resolved ? (
          <Step dispute={dispute} title={`${text.resolved}: ${text[dispute.state]}`} {...resolved}>
            <Outcome dispute={dispute} resolved={resolved} />
          </Step>
        ) : (
          <li>{text.waiting}</li>
        )}
      </ol>
    </section>
  );
};

interface StepProps {
  readonly dispute: Dispute;
  readonly title: string;
  readonly at: string;
  readonly revision: number;
  readonly by: string | null;
  readonly children?: ReactNode;
}

const Step = ({ dispute: { account, month }, title, at, revision, by, children }: StepProps) => {
  const text = useText(disputeMessages);
  const { instant } = useInstants();
  return (
    <li>
      <h3>{title}</h3>
      <span className={styles.when}>
        {instant(at)}
        {by === null ? '' : ` ${text.by(by)}`} · {text.event}{' '}
        <Link href={`/accounts/${account}/bills/${month}?event=${revision}`}>{String(revision)}</Link>
      </span>
      {children}
    </li>
  );
};

const Found = ({ found }: { readonly found: Dispute['evidence'][number] }) => {
  const text = useText(disputeMessages);
  const { replay, explanation, checkpoint } = found;
  return (
    <>
      <p className={replay.match ? undefined : styles.bad}>
        {replay.match ? text.matches : text.differs(counted(replay.differences))}
      </p>
      <dl>
        <dt>{text.digests}</dt>
        <dd>
          <code>{replay.issued}</code>
          <br />
          <code>{replay.replayed}</code>
        </dd>
        <dt>{text.explanation}</dt>
        <dd>
          <code>{explanation}</code>
        </dd>
      </dl>
      <p>{checkpoint ? text.checkpoint(counted(checkpoint.size)) : text.noCheckpoint}</p>
    </>
  );
};

interface OutcomeProps {
  readonly dispute: Dispute;
  readonly resolved: NonNullable<Dispute['resolved']>;
}

const Outcome = ({ dispute, resolved: { note, credit, corrections } }: OutcomeProps) => {
  const text = useText(disputeMessages);
  return (
    <>
      <p>{dispute.state === 'upheld' ? text.upheldSaid : text.adjustedSaid}</p>
      <dl>
        <dt>{text.note}</dt>
        <dd>{note}</dd>
        {credit === null ? null : (
          <>
            <dt>{text.credit}</dt>
            <dd>{credit}</dd>
          </>
        )}
        {corrections.length === 0 ? null : (
          <>
            <dt>{text.corrections}</dt>
            <dd>
              {corrections.map(({ source, id }) => (
                <code key={`${source} ${id}`}>
                  {source} {id}
                  <br />
                </code>
              ))}
            </dd>
          </>
        )}
      </dl>
    </>
  );
};
