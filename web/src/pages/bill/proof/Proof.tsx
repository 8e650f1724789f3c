/** What proves a bill and what can be taken along: checkpoint, replay, downloads, disputes. */
import { Link } from 'wouter';
import type { Bill } from '../../../../../client/suanpan.ts';
import { useText } from '../../../messages/language.tsx';
import { useChoice } from '../choice.tsx';
import type { Names } from '../names.ts';
import { Part } from '../why/Part.tsx';
import styles from '../why/Why.module.css';
import { BillDisputes } from './BillDisputes.tsx';
import { Checkpoint } from './Checkpoint.tsx';
import { Downloads } from './Downloads.tsx';
import { proofMessages } from './messages.ts';
import { Replay } from './Replay.tsx';

export const ProofPane = ({ bill, names }: { readonly bill: Bill; readonly names: Names }) => {
  const text = useText(proofMessages);
  const { choice, hrefOf } = useChoice();
  return (
    <>
      <h2>{text.title}</h2>
      <p className={styles.note}>{text.intro}</p>
      <Part title={text.replay} note={text.replayNote}>
        {choice.view === 'replay' ? (
          <Replay bill={bill} names={names} />
        ) : (
          <p>
            <Link href={hrefOf({ view: 'replay' })}>{text.startReplay}</Link>
          </p>
        )}
      </Part>
      <Checkpoint bill={bill} />
      <Downloads bill={bill} />
      <BillDisputes bill={bill} names={names} />
    </>
  );
};
