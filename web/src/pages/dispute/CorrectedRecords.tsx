/** The records that a resolution corrects, each with the count that it should have had. */
import { newIdempotencyKey } from '../../ledger/idempotency-key.ts';
import { useText } from '../../messages/language.tsx';
import { Button } from '../../parts/Button.tsx';
import { TextField } from '../../parts/Field.tsx';
import styles from './Dispute.module.css';
import { disputeMessages } from './messages.ts';
import type { CorrectedRecord } from './resolution.ts';

interface CorrectedRecordsProps {
  readonly records: readonly CorrectedRecord[];
  readonly onChange: (records: readonly CorrectedRecord[]) => void;
}

export const CorrectedRecords = ({ records, onChange }: CorrectedRecordsProps) => {
  const text = useText(disputeMessages);
  const change = (key: string, part: Partial<CorrectedRecord>): void =>
    onChange(records.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <div className={styles.records}>
      {records.map(({ key, source, id, calls }, i) => (
        <fieldset key={key}>
          <legend>{text.recordNumber(String(i + 1))}</legend>
          <TextField
            label={text.source}
            value={source}
            onChange={(to) => change(key, { source: to })}
            isRequired
          />
          <TextField label={text.record} value={id} onChange={(to) => change(key, { id: to })} isRequired />
          <TextField
            label={text.calls}
            inputMode="numeric"
            pattern="[0-9]{1,15}"
            isRequired
            value={calls}
            onChange={(to) => change(key, { calls: to })}
          />
          <Button
            kind="quiet"
            aria-label={text.removeRecord(String(i + 1))}
            onPress={() => onChange(records.filter((one) => one.key !== key))}
          >
            {text.remove}
          </Button>
        </fieldset>
      ))}
      <p>
        <Button
          onPress={() => onChange([...records, { key: newIdempotencyKey(), source: '', id: '', calls: '' }])}
        >
          {text.addRecord}
        </Button>
      </p>
    </div>
  );
};
