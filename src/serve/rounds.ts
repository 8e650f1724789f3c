/** The scheduler's rounds: every minute, everything due by the ledger's clock, and jobs whose server has died. */
import type { Logger } from 'pino';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../operation/clock.ts';
import type { Jobs } from '../operation/jobs.ts';
import { openTimekeeper } from '../operation/timekeeper.ts';
import type { WaitingCloses } from '../operation/waiting-closes.ts';
import type { CatchUp } from './operator-waits.ts';
import type { Settings } from './settings.ts';

export interface RoundsOf {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly closes: WaitingCloses;
  readonly jobs: Jobs;
  readonly catchUp: CatchUp;
  readonly closeAt: Settings['closeAt'];
  readonly log: Logger;
}

export interface Rounds {
  /** Looks now, and then every minute. */
  begin(): void;
  /** Catches up everything that is due. */
  startOver(): void;
  /** Resolves when everything due at the last look is done. */
  ended(): Promise<void>;
  /** Begins no more rounds. */
  stop(): void;
}

const ROUND_MS = 60_000;

/** Rounds over a ledger; the first looks at all accounts. */
export const openRounds = (of: RoundsOf): Rounds => {
  const { ledger, clock, jobs, catchUp, log } = of;
  const keeper = openTimekeeper(
    ledger,
    of.closeAt,
    (error, account) => log.error({ err: error, account }, 'what was due could not be done'),
    (account, last) => catchUp.seen(account, last, clock.now()),
    of.closes,
  );
  const look = async (): Promise<void> => {
    await keeper.round(clock.now());
    const waits = catchUp.notReady(clock.now(), ledger.calendar);
    if (waits !== null) log.warn(waits);
    await jobs.takeOver();
  };
  // Who has something due is read from the views: the first look is at all of them.
  let round: Promise<void> = ledger.viewsCaughtUp().catch(() => undefined);
  const keepTime = (): void => {
    round = round.then(look).catch((error) => log.error({ err: error }, 'a round failed'));
  };
  let timer: NodeJS.Timeout | null = null;
  return {
    begin: () => {
      timer = setInterval(keepTime, ROUND_MS);
      keepTime();
    },
    startOver: () => {
      catchUp.allow();
      keeper.startOver();
      keepTime();
    },
    ended: () => round,
    stop: () => {
      if (timer) clearInterval(timer);
    },
  };
};
