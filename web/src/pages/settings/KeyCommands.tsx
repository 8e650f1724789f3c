/** Creates, rotates and revokes keys. */
import type { Key } from '../../../../client/suanpan.ts';
import { CommandDialog } from '../../doing/CommandDialog.tsx';
import { useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { TextField } from '../../parts/Field.tsx';
import type { Scope } from '../../session/session.tsx';
import { Choices, idsOf } from './Choices.tsx';
import { settingsMessages } from './messages.ts';
import { Overlap } from './Overlap.tsx';

const SCOPES = ['read', 'meter', 'operate', 'admin'] as const;

/** What an answer about a key says. */
const useKeySaid = () => {
  const text = useText(settingsMessages);
  const { instant } = useInstants();
  return ({ name, scopes, accounts, expiresAt, revokedAt }: Omit<Key, 'lastUsedAt'>) => [
    { name: text.name, value: name },
    { name: text.scopes, value: scopes.join(', ') },
    { name: text.accounts, value: accounts?.join(', ') ?? text.all },
    { name: text.expires, value: expiresAt === null ? text.never : instant(expiresAt) },
    ...(revokedAt === null ? [] : [{ name: text.revokedAt, value: instant(revokedAt) }]),
  ];
};

export const CreateKey = () => {
  const text = useText(settingsMessages);
  const said = useKeySaid();
  const initial = { name: '', scopes: ['read'] as readonly Scope[], accounts: '', expiresAt: '' };
  return (
    <CommandDialog
      {...{ label: text.createKey, scope: 'admin', isAudited: false, initial, said }}
      fields={({ name, scopes, accounts, expiresAt }, change) => (
        <>
          <TextField
            label={text.name}
            value={name}
            onChange={(value) => change({ name: value })}
            isRequired
          />
          <Choices
            label={text.scopes}
            options={SCOPES.map((scope) => ({ value: scope, label: text[scope] }))}
            chosen={scopes}
            onChange={(chosen) => change({ scopes: chosen })}
          />
          <TextField
            {...{ label: text.accountsField, hint: text.accountsHint, value: accounts }}
            onChange={(value) => change({ accounts: value })}
          />
          <TextField
            {...{ label: text.expiresField, hint: text.instantHint, value: expiresAt }}
            onChange={(value) => change({ expiresAt: value.trim() })}
          />
        </>
      )}
      send={(client, { name, scopes, accounts, expiresAt }, ...sent) => {
        const until = expiresAt === '' ? null : expiresAt;
        return client.postKeys({ name, scopes, accounts: idsOf(accounts), expiresAt: until }, ...sent);
      }}
      secretOf={({ secret }) => secret}
      final={text.createKeyFinal}
    />
  );
};

interface KeyProps {
  readonly of: Key;
  readonly isOffered: boolean;
}

export const RotateKey = ({ of: { key, name }, isOffered }: KeyProps) => {
  const text = useText(settingsMessages);
  return (
    <CommandDialog
      {...{
        label: text.rotate,
        about: name,
        scope: 'admin',
        isAudited: false,
        isOffered,
        said: useKeySaid(),
      }}
      initial={{ overlap: '86400' }}
      fields={({ overlap }, change) => (
        <Overlap value={overlap} onChange={(value) => change({ overlap: value })} />
      )}
      send={(client, { overlap }, ...sent) =>
        client.postKeysRotation(key, { overlapSeconds: Number(overlap) }, ...sent)
      }
      secretOf={({ secret }) => secret}
      final={text.rotateKeyFinal}
    />
  );
};

export const RevokeKey = ({ of: { key, name }, isOffered }: KeyProps) => {
  const text = useText(settingsMessages);
  return (
    <CommandDialog
      {...{
        label: text.revoke,
        about: name,
        scope: 'admin',
        isAudited: false,
        isOffered,
        said: useKeySaid(),
      }}
      kind="danger"
      initial={{}}
      send={(client, _values, ...sent) => client.deleteKeysOne(key, ...sent)}
      final={text.revokeFinal}
    />
  );
};
