/** What an administrator sets: keys, webhooks, and the test clock of a ledger that has one. */
import { useEffect } from 'react';
import { useText } from '../../messages/language.tsx';
import { useSession } from '../../session/session.tsx';
import { Clock } from './Clock.tsx';
import { Keys } from './Keys.tsx';
import { settingsMessages } from './messages.ts';
import styles from './Settings.module.css';
import { SigningKeys } from './SigningKeys.tsx';
import { Webhooks } from './Webhooks.tsx';

const Settings = () => {
  const text = useText(settingsMessages);
  const { ledger } = useSession();
  useEffect(() => {
    document.title = `${text.title} · Suanpan`;
  }, [text]);
  return (
    <div className={styles.settings}>
      <h1>{text.title}</h1>
      <Keys />
      <Webhooks />
      <SigningKeys />
      {ledger.clock === 'test' ? <Clock /> : null}
    </div>
  );
};

export default Settings;
