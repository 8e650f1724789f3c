/** One record, or one correction, in full: who paid for its calls, and where it is stored. */
import { Link } from 'wouter';
import type { RecordExplained } from '../../../../../src/audit/explain/records.ts';
import { counted, useInstants } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { useChoice } from '../choice.tsx';
import type { Names } from '../names.ts';
import { whyMessages } from './messages.ts';
import styles from './Why.module.css';

export type RecordShown = RecordExplained;

type Words = Pick<(typeof whyMessages)['en'], 'free' | 'postPaid'>;

/** `100 free · 20 pack-000001 · 3 post-paid`: who paid for how many calls. */
export const paidText = ({ free, packs, postPaid }: RecordShown['paid'], text: Words): string =>
  [
    ...(free === 0 ? [] : [`${text.free} ${counted(free)}`]),
    ...packs.map(({ pack, calls }) => `${pack} ${counted(calls)}`),
    ...(postPaid === 0 ? [] : [`${text.postPaid} ${counted(postPaid)}`]),
  ].join(' · ');

export const OneRecord = ({ record, names }: { readonly record: RecordShown; readonly names: Names }) => {
  const text = useText(whyMessages);
  const { hrefOf } = useChoice();
  const { instant } = useInstants();
  const facts = [
    [text.id, record.id],
    [text.source, record.source],
    [text.interface, `${names.interface(record.interface)} (${record.interface})`],
    [text.time, instant(record.time)],
    [text.calls, counted(record.calls)],
    ...(record.submitted === undefined ? [] : [[text.submitted, counted(record.submitted)]]),
    ...(record.reason === undefined ? [] : [[text.change, record.reason]]),
    [text.pool, record.pool === null ? text.noPool : names.pool(record.pool)],
    [text.paidBy, paidText(record.paid, text)],
  ];
  return (
    <section className={styles.record} aria-label={text.oneRecord}>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{text.where}</dt>
          <dd>
            {text.placeOf(counted(record.index))}{' '}
            <Link href={hrefOf({ event: String(record.event) })}>{String(record.event)}</Link>
          </dd>
        </div>
      </dl>
    </section>
  );
};
