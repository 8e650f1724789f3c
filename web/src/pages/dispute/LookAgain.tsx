/** Has the server replay the disputed bill again, and keeps what it found as evidence. */
import type { Dispute } from '../../../../client/suanpan.ts';
import { CommandDialog } from '../../doing/CommandDialog.tsx';
import { counted } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { disputeMessages } from './messages.ts';

export const LookAgain = ({ dispute }: { readonly dispute: Dispute }) => {
  const text = useText(disputeMessages);
  return (
    <CommandDialog
      {...{ label: text.again, about: dispute.dispute, scope: 'operate', initial: {} }}
      isOffered={dispute.state === 'open'}
      send={(client, _values, ...sent) => client.postDisputesEvidence(dispute.dispute, ...sent)}
      said={({ evidence }) => {
        const found = evidence.at(-1);
        if (!found) return [];
        const { replay, checkpoint } = found;
        return [
          {
            name: text.replay,
            value: replay.match ? text.matches : text.differs(counted(replay.differences)),
          },
          { name: text.digests, value: `${replay.issued} ${replay.replayed}` },
          {
            name: text.proof,
            value: checkpoint ? text.checkpoint(counted(checkpoint.size)) : text.noCheckpoint,
          },
        ];
      }}
      final={text.againFinal}
    />
  );
};
