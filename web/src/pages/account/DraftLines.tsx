/** The lines of the month so far. */
import type { Draft } from '../../../../client/suanpan.ts';
import { counted, yuan } from '../../format/format.ts';
import { useLanguage, useText } from '../../messages/language.tsx';
import { Table } from '../../parts/Table.tsx';
import { accountMessages } from './messages.ts';

export const DraftLines = ({ draft }: { readonly draft: Draft }) => {
  const text = useText(accountMessages);
  const { language } = useLanguage();
  return (
    <Table
      caption={text.estimateHint}
      rows={draft.lines}
      keyOf={({ meter }) => meter}
      columns={[
        { name: text.meter, cell: ({ name }) => name[language] },
        { name: text.metered, isNumber: true, cell: ({ metered }) => counted(metered) },
        { name: text.free, isNumber: true, cell: ({ free }) => counted(free) },
        { name: text.fromPacks, isNumber: true, cell: ({ packs }) => counted(packs) },
        { name: text.postPaid, isNumber: true, cell: ({ postPaid }) => counted(postPaid) },
        {
          name: text.unitPrice,
          isNumber: true,
          cell: ({ unitPrice, discount }) => `${unitPrice ?? '–'}${discount ? ` × ${discount}` : ''}`,
        },
        { name: text.amount, isNumber: true, cell: ({ amount }) => yuan(amount) },
      ]}
      foot={
        <tr>
          <th scope="row" colSpan={6}>
            {text.sum}
          </th>
          <td>{yuan(draft.total)}</td>
        </tr>
      }
    />
  );
};
