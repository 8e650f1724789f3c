/** Long-running jobs as events: closing a month of all accounts. A job interrupted by a restart is resumed. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.ts';
import { instantOf } from '../domain/calendar.ts';
import { stoppedOrThrow } from '../ledger/account/single-account-failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountPages } from '../ledger/queries/accounts.ts';
import type { SystemEventData } from '../ledger/system/events.ts';
import { appendSystem, readSystem } from '../ledger/system/streams.ts';
import type { WaitingCloses } from './waiting-closes.ts';

export interface Job {
  readonly job: string;
  readonly kind: 'close-month';
  readonly month: string;
  readonly state: 'running' | 'done';
  readonly startedAt: string;
  readonly closed: number;
  readonly refused: readonly { readonly account: string; readonly code: string; readonly detail: string }[];
}

export interface Jobs {
  /** Starts closing a month of all accounts; idempotent for the same mark. */
  closeMonth(month: string, at: Instant, mark: JobMark | null): Promise<StartedJob>;
  /** The job that a mark has started; null if none. */
  startedBefore(mark: JobMark | null): Promise<StartedJob | null>;
  get(job: string): Promise<Job | null>;
  /** Resumes interrupted jobs. */
  resume(): Promise<void>;
  /** Resumes jobs whose server may have died. If it has not, both servers run the job, which is idempotent. */
  takeOver(): Promise<void>;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
  /** Stops running jobs and resumes none. */
  stop(): Promise<void>;
}

/**
 * `repeated`: started by an earlier request with the same key and content; `reused`: the key was used with other
 * content.
 */
export type StartedJob =
  | { readonly outcome: 'started' | 'repeated'; readonly job: string }
  | { readonly outcome: 'reused' };

export type JobMark = NonNullable<SystemEventData['JobStarted']['command']>;

export const JOBS = 'jobs';
const TOGETHER = 64;
/** Pause before a job that was interrupted (by a full disk) is resumed. */
const RESUME_MS = 5_000;
/** How long a job may run before other servers look after it too. */
const TAKEN_OVER_MS = 600_000;

/** The jobs of this server as they are now. */
interface Running {
  readonly ledger: Ledger;
  readonly recordedAt: () => string;
  readonly closes: WaitingCloses | undefined;
  readonly jobs: Map<string, { readonly progress: { closed: number }; readonly done: Promise<void> }>;
  isOpen: boolean;
  timer: NodeJS.Timeout | null;
}

export const openJobs = (ledger: Ledger, recordedAt: () => string, closes?: WaitingCloses): Jobs => {
  const running: Running = { ledger, recordedAt, closes, jobs: new Map(), isOpen: true, timer: null };
  return {
    closeMonth: (month, at, command) => closeMonth(running, month, at, command),
    startedBefore: async (command) => {
      const before = command && (await startedUnder(ledger, command.key));
      return before && again(before, command);
    },
    get: async (id) => {
      const job = (await allOf(ledger)).get(id) ?? null;
      const now = running.jobs.get(id);
      return job && now ? { ...job, closed: now.progress.closed } : job;
    },
    resume: () => resumeThose(running, Number.POSITIVE_INFINITY),
    takeOver: () => (ledger.isShared ? resumeThose(running, Date.now() - TAKEN_OVER_MS) : Promise.resolve()),
    idle: () => idle(running),
    stop: async () => {
      running.isOpen = false;
      if (running.timer) clearTimeout(running.timer);
      await idle(running);
    },
  };
};

const allOf = async (ledger: Ledger): Promise<Map<string, Job>> => {
  const jobs = new Map<string, Job>();
  for (const { type, at, data } of await readSystem(ledger.store, JOBS)) {
    if (type === 'JobStarted') {
      const { job, kind, month } = data;
      jobs.set(job, { job, kind, month, state: 'running', startedAt: at, closed: 0, refused: [] });
    }
    const known = type === 'JobDone' ? jobs.get(data.job) : undefined;
    if (known && type === 'JobDone') jobs.set(data.job, { ...known, state: 'done', ...data });
  }
  return jobs;
};

const startedUnder = async (ledger: Ledger, key: string): Promise<SystemEventData['JobStarted'] | null> => {
  for (const { type, data } of await readSystem(ledger.store, JOBS))
    if (type === 'JobStarted' && data.command?.key === key) return data;
  return null;
};

const closeMonth = async (
  running: Running,
  month: string,
  at: Instant,
  command: JobMark | null,
): Promise<StartedJob> => {
  const { ledger, recordedAt } = running;
  const job = `job_${randomUUID()}`;
  const started = { job, kind: 'close-month' as const, month, command };
  let before: SystemEventData['JobStarted'] | null = null;
  const unlessStarted = async () => {
    before = command && (await startedUnder(ledger, command.key));
    return before ? [] : [started];
  };
  await appendSystem(ledger.store, JOBS, 'JobStarted', at, recordedAt(), unlessStarted);
  if (before) return again(before, command);
  run(running, job, month, at);
  return { outcome: 'started', job };
};

const run = (running: Running, job: string, month: string, at: Instant): void => {
  const { ledger, recordedAt, closes, jobs } = running;
  const progress = { closed: 0 };
  const done = closeEveryone(ledger, month, at, progress, closes).then(async (refused) => {
    const unlessDone = async () =>
      (await allOf(ledger)).get(job)?.state === 'done' ? [] : [{ job, closed: progress.closed, refused }];
    await appendSystem(ledger.store, JOBS, 'JobDone', at, recordedAt(), unlessDone);
    jobs.delete(job);
  });
  jobs.set(job, { progress, done });
  // An interrupted job stays recorded and is resumed after a pause, or at the next start.
  done.catch(() => {
    jobs.delete(job);
    resumeLater(running);
  });
};

const resumeLater = (running: Running): void => {
  if (!running.isOpen) return;
  running.timer ??= setTimeout(() => {
    running.timer = null;
    resumeThose(running, Number.POSITIVE_INFINITY).catch(() => resumeLater(running));
  }, RESUME_MS).unref();
};

const resumeThose = async (running: Running, startedUntil: Instant): Promise<void> => {
  for (const { job, month, state, startedAt } of (await allOf(running.ledger)).values()) {
    if (!running.isOpen || state !== 'running' || running.jobs.has(job)) continue;
    if (instantOf(startedAt) <= startedUntil) run(running, job, month, instantOf(startedAt));
  }
};

const idle = async ({ jobs }: Running): Promise<void> => {
  await Promise.allSettled([...jobs.values()].map(({ done }) => done));
};

/** A job that was started under this key before: by the same request, or by one with other content. */
const again = (before: SystemEventData['JobStarted'], mark: JobMark | null): StartedJob =>
  before.command?.hash === mark?.hash ? { outcome: 'repeated', job: before.job } : { outcome: 'reused' };

const closeEveryone = async (
  ledger: Ledger,
  month: string,
  at: Instant,
  progress: { closed: number },
  closes: WaitingCloses | undefined,
): Promise<{ account: string; code: string; detail: string }[]> => {
  const refused: { account: string; code: string; detail: string }[] = [];
  const close = async (account: string) => {
    const { account: held } = await ledger.entry(account);
    if (!held || ledger.calendar.monthOf(held.openedAt) > month) return;
    const moment = Math.max(at, held.clock);
    const answer = await ledger.execute(account, { name: 'close-month', body: { month } }, moment, null);
    if (answer.outcome !== 'refused') {
      progress.closed += 1;
      return;
    }
    refused.push({ account, code: answer.refusal.code, detail: answer.refusal.detail });
    closes?.refused(account, month, answer.refusal);
  };
  for await (const accounts of accountPages(ledger.store)) {
    for (let i = 0; i < accounts.length; i += TOGETHER)
      await Promise.all(
        accounts.slice(i, i + TOGETHER).map((account) =>
          close(account).catch((error) => {
            refused.push({ account, ...stoppedOrThrow(error) });
            closes?.failed(account, error);
          }),
        ),
      );
  }
  return refused;
};
