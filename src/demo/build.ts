/**
 * Builds the demonstration ledger: more than a year of accounts that report late, twice and wrongly, with every month
 * closed. Everything goes through the same commands and metering as a provider's.
 */
import { type Instant, type Month, nextMonth } from '../domain/calendar.ts';
import { countOutcome, type OutcomeCounts } from '../domain/outcome-counts.ts';
import type { UsageRecord } from '../domain/usage.ts';
import { parseCommand } from '../input/commands.ts';
import { instantFromText } from '../input/instant-text.ts';
import type { Answer } from '../ledger/account/result.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Random, randomFrom } from './random.ts';
import { CHARACTERS, type Character, type Step } from './scenario.ts';

export interface DemoSize {
  readonly accounts: number;
  /** Total reports, retries included. */
  readonly records: number;
}

export interface DemoCounts extends OutcomeCounts {
  reported: number;
  commands: number;
  commandsRefused: number;
  closes: number;
  closesRefused: number;
}

const FIRST: Month = '2019-01';
const LAST: Month = '2020-02';
/** The end of the demonstration; a test clock on it starts here. */
export const DEMO_ENDS = '2020-03-05T09:00:00+08:00';
const OPENED = '2019-01-15T09:00:00+08:00';
const BATCHES_A_MONTH = 10;
const DELAY_MS_MAX = 3 * 24 * 3_600_000;
const RETRIES_PER_MILLE = 20;
const CONFLICTS_PER_MILLE = 1;
const CLOSE_AT = 'T04:00:00+08:00';

/** Builds the demonstration; calls `onProgress` for every account and month. */
export const buildDemo = async (
  ledger: Ledger,
  size: DemoSize,
  onProgress: (done: number, total: number) => void,
): Promise<DemoCounts> => {
  const counts: DemoCounts = {
    reported: 0,
    accepted: 0,
    duplicates: 0,
    conflicts: 0,
    refused: 0,
    commands: 0,
    commandsRefused: 0,
    closes: 0,
    closesRefused: 0,
  };
  const months = monthsBetween(FIRST, LAST);
  const each = Math.ceil(size.records / (size.accounts * months.length));
  let done = 0;
  for (let i = 0; i < size.accounts; i++) {
    const character = CHARACTERS[i % CHARACTERS.length] ?? CHARACTERS[0];
    const account = `demo-${String(i + 1).padStart(2, '0')}`;
    const life = { ledger, account, character, random: randomFrom(i + 1), counts, each, carry: [] };
    await open(life);
    for (const month of months) {
      await liveMonth(life, month);
      done += 1;
      onProgress(done, size.accounts * months.length);
    }
  }
  return counts;
};

interface Life {
  readonly ledger: Ledger;
  readonly account: string;
  readonly character: Character;
  readonly random: Random;
  readonly counts: DemoCounts;
  /** Number of reports per month. */
  readonly each: number;
  /** Reports of the previous month that arrive after its close. */
  carry: Report[];
}

interface Report {
  readonly at: Instant;
  readonly record: UsageRecord;
}

const open = async (life: Life): Promise<void> => {
  await command(life, { at: OPENED, name: 'open-account', body: { name: `Example ${life.account}` } });
  for (const product of life.character.products) {
    await command(life, { at: OPENED, name: 'activate-service', body: { product } });
  }
  const body = { amount: life.character.deposit, reference: 'wire-1' };
  await command(life, { at: OPENED, name: 'deposit', body });
};

/** Runs a month's commands and reports in order of their instants, then closes it. */
const liveMonth = async (life: Life, month: Month): Promise<void> => {
  const { ledger, character } = life;
  const closeAt = instant(`${nextMonth(month)}-01${CLOSE_AT}`);
  const opens = ledger.calendar.startOf(month);
  const steps = character.steps.filter(({ at }) => instant(at) >= opens && instant(at) < closeAt);
  const reports = [...life.carry, ...reportsOf(life, month)].sort((a, b) => a.at - b.at);
  const inTime = reports.filter(({ at }) => at < closeAt);
  life.carry = reports.filter(({ at }) => at >= closeAt);
  const size = Math.ceil(inTime.length / BATCHES_A_MONTH);
  for (let i = 0; i < inTime.length; i += size) {
    const batch = inTime.slice(i, i + size);
    const until = batch.at(-1)?.at ?? closeAt;
    while (steps[0] && instant(steps[0].at) <= until) await command(life, steps.shift() as Step);
    await meter(
      life,
      batch.map(({ record }) => record),
      until,
    );
  }
  for (const step of steps) await command(life, step);
  const sample = inTime[0]?.record;
  if (sample && life.random.perMille(150)) {
    const body = {
      source: sample.source,
      record: sample.id,
      calls: sample.calls * life.random.between(0, 2),
      reason: 'gateway counted wrongly',
    };
    await command(life, { at: `${nextMonth(month)}-01T00:00:00+08:00`, name: 'correct-usage', body });
  }
  await close(life, month, closeAt);
};

const close = async (life: Life, month: Month, at: Instant): Promise<void> => {
  // A month that waited for a price is closed together with later ones, once the price is agreed.
  const { account: held } = await life.ledger.entry(life.account);
  const first = held?.lastClosed ? nextMonth(held.lastClosed) : FIRST;
  for (const due of monthsBetween(first, month)) {
    const answer = await life.ledger.execute(
      life.account,
      { name: 'close-month', body: { month: due } },
      at,
      null,
    );
    if (answer.outcome === 'refused') {
      life.counts.closesRefused += 1;
      return;
    }
    life.counts.closes += 1;
  }
};

const reportsOf = (life: Life, month: Month): Report[] => {
  const { random, character, account, ledger } = life;
  const from = Math.max(ledger.calendar.startOf(month), instant(OPENED));
  const to = ledger.calendar.startOf(nextMonth(month)) - 1;
  const reports: Report[] = [];
  while (reports.length < life.each) {
    const called = random.pick(
      character.calls as [Character['calls'][number], ...Character['calls'][number][]],
    );
    const time =
      random.between(Math.floor(from / 1000), Math.floor(to / 1000)) * 1000 + random.between(0, 999);
    const record: UsageRecord = {
      source: `/gateway/${account}`,
      id: random.uuid(),
      interface: called.interface,
      time,
      calls: random.between(1, called.most),
      submitted: null,
    };
    const at = time + random.between(0, random.perMille(300) ? DELAY_MS_MAX : 60_000);
    reports.push({ at, record });
    if (random.perMille(RETRIES_PER_MILLE)) reports.push({ at: at + random.between(1, 600_000), record });
    if (random.perMille(CONFLICTS_PER_MILLE)) {
      reports.push({
        at: at + random.between(600_000, 900_000),
        record: { ...record, calls: record.calls + 1 },
      });
    }
  }
  if (month >= '2020-01' && character.products.includes('ocr')) reports.push(...images(life, from, to));
  return reports;
};

/** Several images in one call, of which only the recognised ones count. */
const images = ({ random, account }: Life, from: Instant, to: Instant): Report[] =>
  Array.from({ length: 20 }, () => {
    const time = random.between(Math.floor(from / 1000), Math.floor(to / 1000)) * 1000;
    const submitted = random.between(1, 9);
    const calls = random.between(0, submitted);
    const source = `/gateway/${account}`;
    return {
      at: time,
      record: { source, id: random.uuid(), interface: 'ocr/general-print-api-2017', time, calls, submitted },
    };
  });

const meter = async (
  { ledger, account, counts }: Life,
  records: readonly UsageRecord[],
  at: Instant,
): Promise<void> => {
  const outcomes = await ledger.meter(account, records, at);
  if (outcomes === null) throw new Error(`there is no account ${account}`);
  counts.reported += records.length;
  const refused: Parameters<Ledger['logRefused']>[0][number][] = [];
  for (const [i, outcome] of outcomes.entries()) {
    countOutcome(counts, outcome);
    if (outcome.outcome === 'refused') {
      const { code, field, detail } = outcome;
      refused.push({ account, code, detail: `${field}: ${detail}`, came: { json: records[i] } });
    }
  }
  if (refused.length > 0) await ledger.logRefused(refused, at);
};

const command = async ({ ledger, account, counts }: Life, { at, name, body }: Step): Promise<Answer> => {
  const parsed = parseCommand(name, body);
  if (!parsed.ok) throw new Error(`${name}: ${parsed.problem.field} ${parsed.problem.message}`);
  const answer = await ledger.execute(account, parsed.command, instant(at), null);
  counts.commands += 1;
  if (answer.outcome === 'refused') counts.commandsRefused += 1;
  return answer;
};

const instant = (text: string): Instant => {
  const at = instantFromText(text);
  if (at === null) throw new Error(`${text} is not a valid instant`);
  return at;
};

const monthsBetween = (first: Month, last: Month): Month[] => {
  const months: Month[] = [];
  for (let month = first; month <= last; month = nextMonth(month)) months.push(month);
  return months;
};
