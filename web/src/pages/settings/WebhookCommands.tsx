/** Adds webhooks, tests them, rotates their signing secrets, deletes them. */
import type { Suanpan, Webhook } from '../../../../client/suanpan.ts';
import { CommandDialog } from '../../doing/CommandDialog.tsx';
import { useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { TextField } from '../../parts/Field.tsx';
import { Choices, idsOf } from './Choices.tsx';
import { settingsMessages } from './messages.ts';
import { Overlap } from './Overlap.tsx';
import styles from './Settings.module.css';

type Type = NonNullable<Parameters<Suanpan['postWebhooks']>[0]['types']>[number];

const TYPES: readonly Type[] = [
  ...(['*', 'account.opened', 'service.activated', 'funds.deposited', 'credit.granted'] as const),
  ...(['pack.purchased', 'pack.expired', 'pack.voided', 'usage.corrected', 'bill.issued'] as const),
  ...(['freeze.failed', 'account.suspended', 'account.resumed', 'dispute.opened'] as const),
  ...(['dispute.resolved', 'checkpoint.signed', 'notice.*', 'notice.pack_low'] as const),
  ...(['notice.pack_exhausted', 'notice.pack_expiring', 'notice.bill_issued'] as const),
  ...(['notice.freeze_failed', 'notice.suspended', 'notice.resumed', 'notice.price_not_agreed'] as const),
];

export const AddWebhook = () => {
  const text = useText(settingsMessages);
  const options = TYPES.map((value) => ({ value, label: value === '*' ? text.everything : value }));
  return (
    <CommandDialog
      {...{ label: text.addWebhook, scope: 'admin', isAudited: false }}
      initial={{ url: '', types: ['*'] as readonly Type[], accounts: '' }}
      fields={({ url, types, accounts }, change) => (
        <>
          <TextField
            label={text.url}
            inputMode="url"
            value={url}
            onChange={(value) => change({ url: value.trim() })}
            isRequired
          />
          <Choices
            label={text.types}
            options={options}
            chosen={types}
            onChange={(chosen) => change({ types: chosen })}
          />
          <TextField
            {...{ label: text.accountsField, hint: text.accountsHint, value: accounts }}
            onChange={(value) => change({ accounts: value })}
          />
        </>
      )}
      send={(client, { url, types, accounts }, ...sent) =>
        client.postWebhooks({ url, types, accounts: idsOf(accounts) }, ...sent)
      }
      said={({ url, types, accounts }) => [
        { name: text.url, value: url },
        { name: text.types, value: types.join(', ') },
        { name: text.accounts, value: accounts?.join(', ') ?? text.all },
      ]}
      secretOf={({ secret }) => secret}
      final={text.addWebhookFinal}
    />
  );
};

/** A receiver that failed is an outcome like another, no refusal. */
export const TestWebhook = ({ of: { webhook, url } }: { readonly of: Webhook }) => {
  const text = useText(settingsMessages);
  return (
    <CommandDialog
      {...{ label: text.test, about: url, scope: 'admin', isAudited: false, isRecorded: false }}
      initial={{}}
      send={(client, _values, ...sent) => client.postWebhooksTest(webhook, ...sent)}
      said={({ payload, signatures, outcome, status, durationMs, error }, isDry) => [
        { name: text.url, value: url },
        { name: text.body, value: <code className={styles.payload}>{JSON.stringify(payload)}</code> },
        { name: text.signatures, value: String(signatures) },
        ...(isDry
          ? []
          : [
              { name: text.outcome, value: outcome === 'delivered' ? text.delivered : text.failed },
              { name: text.status, value: status === null ? text.noAnswer : String(status) },
              { name: text.duration, value: text.milliseconds(String(durationMs ?? 0)) },
              ...(error === null ? [] : [{ name: text.error, value: error }]),
            ]),
      ]}
      final={text.testFinal}
    />
  );
};

export const RotateWebhook = ({ of: { webhook, url } }: { readonly of: Webhook }) => {
  const text = useText(settingsMessages);
  const { instant } = useInstants();
  return (
    <CommandDialog
      {...{ label: text.rotate, about: url, scope: 'admin', isAudited: false }}
      initial={{ overlap: '86400' }}
      fields={({ overlap }, change) => (
        <Overlap value={overlap} onChange={(value) => change({ overlap: value })} />
      )}
      send={(client, { overlap }, ...sent) =>
        client.postWebhooksRotation(webhook, { overlapSeconds: Number(overlap) }, ...sent)
      }
      said={({ previousUntil }) => [{ name: text.previousUntil, value: instant(previousUntil) }]}
      secretOf={({ secret }) => secret}
      final={text.rotateWebhookFinal}
    />
  );
};

export const DeleteWebhook = ({ of: { webhook, url } }: { readonly of: Webhook }) => {
  const text = useText(settingsMessages);
  return (
    <CommandDialog
      {...{ label: text.remove, about: url, scope: 'admin', isAudited: false, kind: 'danger' }}
      initial={{}}
      send={(client, _values, ...sent) => client.deleteWebhooksOne(webhook, ...sent)}
      said={() => [{ name: text.url, value: url }]}
      final={text.removeFinal}
    />
  );
};
