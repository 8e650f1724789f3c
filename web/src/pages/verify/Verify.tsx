/** Verifies an audit bundle in the browser: for anybody, without a key and without a connection. */
import { type DragEvent, type FormEvent, useEffect, useEffectEvent, useState } from 'react';
import { type ReadBundle, readBundle } from '../../../../src/browser/read-bundle.ts';
import { useText } from '../../messages/language.tsx';
import { Button } from '../../parts/Button.tsx';
import { TextField } from '../../parts/Field.tsx';
import { Problem } from '../../parts/Problem.tsx';
import { saveAs } from '../../parts/save.ts';
import { FilePick } from './FilePick.tsx';
import { verifyMessages } from './messages.ts';
import { Result } from './Result.tsx';
import styles from './Verify.module.css';

/** The name under which the bundle of a page is saved. */
const NAME = 'bill.suanpan';

type State =
  | { readonly is: 'idle' | 'checking' }
  | { readonly is: 'failed'; readonly failure: string }
  | { readonly is: 'read'; readonly bundle: ReadBundle };

const Verify = () => <Verifying given={null} />;

/** With a bundle that is given: that one alone, at once. */
export const Verifying = ({ given }: { readonly given: Blob | null }) => {
  const text = useText(verifyMessages);
  const [file, setFile] = useState<Blob | null>(given);
  const [keys, setKeys] = useState('');
  const [checkpoints, setCheckpoints] = useState('');
  const [state, setState] = useState<State>({ is: 'idle' });

  const check = async (chosen: Blob): Promise<void> => {
    setFile(chosen);
    setState({ is: 'checking' });
    try {
      setState({ is: 'read', bundle: await readBundle(chosen, { keys, checkpoints }) });
    } catch (error) {
      setState({ is: 'failed', failure: error instanceof Error ? error.message : String(error) });
    }
  };
  const checkGiven = useEffectEvent(() => {
    if (given) void check(given);
  });
  useEffect(() => checkGiven(), []);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (file) void check(file);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const [dropped] = event.dataTransfer.files;
    if (dropped) void check(dropped);
  };
  return (
    <div className={styles.page}>
      <title>{`${text.title} – Suanpan`}</title>
      <h1>{text.title}</h1>
      <p className={styles.intro}>{given ? text.introGiven : text.intro}</p>
      <form
        className={styles.form}
        onSubmit={onSubmit}
        {...(given ? {} : { onDragOver: (event: DragEvent) => event.preventDefault(), onDrop })}
      >
        {given ? null : (
          <FilePick
            label={text.choose}
            hint={text.drop}
            file={file}
            onPick={(picked) => void check(picked)}
          />
        )}
        <TextField label={text.keys} hint={text.keysHint} isLong value={keys} onChange={setKeys} />
        <TextField
          label={text.checkpoints}
          hint={text.checkpointsHint}
          isLong
          value={checkpoints}
          onChange={setCheckpoints}
        />
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" isDisabled={file === null || state.is === 'checking'}>
            {text.run}
          </Button>
          {given ? <Button onPress={() => saveAs(NAME, given)}>{text.saveBundle}</Button> : null}
        </div>
      </form>
      <div aria-live="polite" className={styles.result}>
        {state.is === 'checking' ? <p>{text.checking}</p> : null}
        {state.is === 'failed' ? <Problem failure={state.failure} /> : null}
        {state.is === 'read' ? <Result bundle={state.bundle} /> : null}
      </div>
    </div>
  );
};

export default Verify;
