/** Takes the page to any moment of the account's life, and says that it is not now. */
import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import { useInstants } from '../../../format/format.ts';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { useText } from '../../../messages/language.tsx';
import { Button } from '../../../parts/Button.tsx';
import { TextField } from '../../../parts/Field.tsx';
import styles from './Moment.module.css';
import { momentMessages } from './messages.ts';
import { useMoment } from './moment.tsx';
import { useNow } from './use-now.ts';
import { instantOfLocal, localText } from './zoned.ts';

const DAY_MS = 86_400_000;
/** While the slider moves, the page follows this much later. */
const SETTLE_MS = 250;

export const Timeline = ({ account }: { readonly account: string }) => {
  const text = useText(momentMessages);
  const { isThen } = useMoment();
  return (
    <div className={styles.timeline}>
      <Banner />
      <details className={styles.details} open={isThen || undefined}>
        <summary>{text.timeline}</summary>
        <Chooser account={account} />
      </details>
    </div>
  );
};

/** The address of another moment; what else it says stays. */
const useGo = () => {
  const [, setSearch] = useSearchParams();
  return (moment: Readonly<Record<string, string>>): void =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete('asOf');
        after.delete('asOfPosition');
        for (const [name, value] of Object.entries(moment)) after.set(name, value);
        return after;
      },
      { replace: true },
    );
};

const Banner = () => {
  const text = useText(momentMessages);
  const { instant, zone } = useInstants();
  const go = useGo();
  const { isThen, query } = useMoment();
  const { asOf, asOfPosition = '' } = query;
  const isInstant = asOf !== undefined && !Number.isNaN(Date.parse(asOf));
  return (
    <div role="status">
      {isThen ? (
        <p className={styles.banner}>
          <strong>
            {isInstant ? text.shownInstant(instant(asOf), zone) : text.shownPosition(asOfPosition)}
          </strong>{' '}
          {text.noCommands}{' '}
          <Button kind="quiet" onPress={() => go({})}>
            {text.now}
          </Button>
        </p>
      ) : null}
    </div>
  );
};

const Chooser = ({ account }: { readonly account: string }) => {
  const text = useText(momentMessages);
  const { zone } = useInstants();
  const { query } = useMoment();
  const go = useGo();
  const openedAt = useOpenedAt(account);
  const now = useNow();
  const shown = query.asOf === undefined ? now : Date.parse(query.asOf);
  const [local, setLocal] = useState('');
  const [position, setPosition] = useState('');
  useEffect(() => setLocal(Number.isNaN(shown) ? '' : localText(shown, zone)), [shown, zone]);
  useEffect(() => setPosition(query.asOfPosition ?? ''), [query.asOfPosition]);
  const typed = instantOfLocal(local, zone);
  return (
    <div className={styles.chooser}>
      <Slider openedAt={openedAt} now={now} shown={shown} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== null) go({ asOf: new Date(typed).toISOString() });
        }}
      >
        <TextField label={text.instant(zone)} type="datetime-local" value={local} onChange={setLocal} />
        <Button type="submit" isDisabled={typed === null}>
          {text.show}
        </Button>
      </form>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          go({ asOfPosition: position });
        }}
      >
        <TextField label={text.position} inputMode="numeric" value={position} onChange={setPosition} />
        <Button type="submit" isDisabled={!/^\d{1,20}$/.test(position)}>
          {text.show}
        </Button>
      </form>
    </div>
  );
};

interface SliderProps {
  readonly openedAt: number | null;
  readonly now: number;
  readonly shown: number;
}

/** Day by day from the opening on; at its end is now. */
const Slider = ({ openedAt, now, shown }: SliderProps) => {
  const text = useText(momentMessages);
  const { instant } = useInstants();
  const go = useGo();
  const [moved, setMoved] = useState<number | null>(null);
  const start = openedAt ?? now;
  const days = Math.max(1, Math.ceil((now - start) / DAY_MS));
  const value = moved ?? Math.min(days, Math.ceil((shown - start) / DAY_MS));
  const at = moved === null ? shown : Math.min(now, start + moved * DAY_MS);
  const atText = instant(new Date(Number.isNaN(at) ? now : at).toISOString());
  useEffect(() => {
    if (moved === null) return undefined;
    const timer = setTimeout(() => {
      setMoved(null);
      go(moved >= days ? {} : { asOf: new Date(start + moved * DAY_MS).toISOString() });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <label className={styles.slider}>
      <span>{text.scrub}</span>
      <input
        type="range"
        min={0}
        max={days}
        value={Number.isNaN(value) ? days : value}
        disabled={openedAt === null}
        aria-valuetext={atText}
        onChange={(event) => setMoved(Number(event.currentTarget.value))}
      />
      <output>{atText}</output>
    </label>
  );
};

/** When the account was opened, in milliseconds; null while that is not known. */
const useOpenedAt = (account: string): number | null => {
  const { data } = useLedgerQuery(['fixed', account, 'opened'], ({ client, signal }) =>
    client.getAccountsEvents(account, { limit: 1 }, { signal }),
  );
  const [first] = data?.items ?? [];
  return first ? Date.parse(first.at) : null;
};
