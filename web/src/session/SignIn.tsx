/** The page of somebody who is not signed in. */
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { useText } from '../messages/language.tsx';
import { Button } from '../parts/Button.tsx';
import { CheckField, TextField } from '../parts/Field.tsx';
import { Problem } from '../parts/Problem.tsx';
import { signInMessages } from './messages.ts';
import styles from './SignIn.module.css';
import { useSessionState } from './session.tsx';

export const SignIn = () => {
  const text = useText(signInMessages);
  const { signIn, isResuming } = useSessionState();
  const [secret, setSecret] = useState('');
  const [isRemembered, setRemembered] = useState(false);
  const [isTrying, setTrying] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  if (isResuming) return <p className={styles.resuming}>{text.resuming}</p>;
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (secret.trim() === '') return setFailure(text.empty);
    setTrying(true);
    await signIn(secret.trim(), isRemembered)
      .catch(setFailure)
      .finally(() => setTrying(false));
  };
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <h1>{text.title}</h1>
      <p>{text.intro}</p>
      <TextField label={text.key} type="password" value={secret} onChange={setSecret} autoComplete="off" />
      <CheckField label={text.remember} isSelected={isRemembered} onChange={setRemembered} />
      <Problem failure={failure} />
      <Button kind="primary" type="submit" isDisabled={isTrying}>
        {text.submit}
      </Button>
      <p className={styles.other}>
        <Link href="/verify">{text.bundle}</Link>
      </p>
    </form>
  );
};
