/** Random lives, and every number that is shown twice of them: the same, on the way and at the end. */
import { describe, expect, test } from 'vitest';
import type { OverviewView } from '../../src/projections/overview.ts';
import { runs } from '../support/proof.ts';
import { ACCOUNTS, begun, type Lives, lived, monthOf } from './random-lives.ts';
import {
  amounts,
  asked,
  balancesAgree,
  billsAgree,
  entitlementsAgree,
  total,
  usageAgrees,
} from './views-of-account.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what is compared.
type Json = any;
const STEPS = 60;
const LOOKS = 2;

const accountsAgree = async (lives: Lives): Promise<Map<string, readonly Json[]>> => {
  const drafts = new Map<string, readonly Json[]>();
  for (const id of ACCOUNTS) {
    await balancesAgree(lives, id);
    const used = await usageAgrees(lives, id);
    await entitlementsAgree(lives, id);
    drafts.set(id, await billsAgree(lives, id, used));
  }
  return drafts;
};

const overviewAgrees = async ({ api }: Lives): Promise<void> => {
  const { all } = asked(api);
  const of = await Promise.all(
    ACCOUNTS.map(async (id) => ({
      packs: await all(`/accounts/${id}/packs`),
      bills: await all(`/accounts/${id}/bills`),
    })),
  );
  const { views } = api.running.api.ledger;
  for (const { key, value } of views?.list('overview', 'month/', null, 1_000) ?? []) {
    const month = key.slice('month/'.length);
    const told = value as OverviewView;
    const bills = of.flatMap((one) => one.bills.filter((bill) => bill.month === month));
    const packs = of.flatMap((one) =>
      one.packs.filter(({ purchasedAt }) => monthOf(Date.parse(purchasedAt)) === month),
    );
    const days = (
      await Promise.all(ACCOUNTS.map((id) => all(`/accounts/${id}/usage?month=${month}&by=day`)))
    ).flat();
    expect(told, `overview of ${month}`).toMatchObject({
      ...{ records: total(days, 'records'), calls: total(days, 'calls') },
      ...{ packsSold: packs.length, packRevenue: amounts(packs, 'price') },
      ...{ bills: bills.length, settled: amounts(bills, 'due') },
    });
  }
};

/** The open months that are over are closed at this very instant: each bill is its estimate. */
const estimatesAreBilled = async (lives: Lives, drafts: Map<string, readonly Json[]>): Promise<void> => {
  const { api, now, met } = lives;
  for (const id of ACCOUNTS) {
    let isFirst = true;
    for (const draft of drafts.get(id) ?? []) {
      if (draft.month >= monthOf(now)) break;
      const say = `${id} ${draft.month}`;
      const answer = await api.send('POST', `/accounts/${id}/months/${draft.month}/close`);
      const meet = (what: string) => met.set(what, (met.get(what) ?? 0) + 1);
      if (answer.status === 409) {
        meet('an estimate without a price');
        expect([say, answer.body.code, draft.due]).toEqual([say, 'price_not_agreed', null]);
        break;
      }
      expect(answer.status, say).toBe(200);
      const shown = (bill: Json) => {
        const { lines, packPurchases, corrections, credits, due, packsTotal, total: all, frozen } = bill;
        return { lines, packPurchases, corrections, credits, due, packsTotal, all, frozen };
      };
      expect(shown(answer.body), say).toEqual(shown(draft));
      if (isFirst) expect(answer.body.unfrozen, say).toBe(draft.unfrozen);
      meet(isFirst ? 'an estimate billed' : 'an estimate of a later month billed');
      isFirst = false;
    }
  }
};

describe('random lives over HTTP', () => {
  test('are told the same by every view', { timeout: 3_600_000 }, async () => {
    const count = runs('random lives compared in every view', 2, 150);
    const first = Number(process.env['SUANPAN_SEED'] ?? 1);
    const met = new Map<string, number>();
    for (let seed = first; seed < first + count; seed++) {
      const lives = await begun(seed, met);
      try {
        for (let look = 0; look < LOOKS; look++) {
          for (let i = 0; i < STEPS; i++) await lived(lives);
          await accountsAgree(lives);
          await overviewAgrees(lives);
        }
        await estimatesAreBilled(lives, await accountsAgree(lives));
        await accountsAgree(lives);
      } catch (error) {
        throw new Error(`life ${seed} is told in two ways (alone: SUANPAN_SEED=${seed})`, { cause: error });
      } finally {
        await lives.api.stop();
      }
    }
    if (process.env['SUANPAN_SHOW']) console.log(Object.fromEntries([...met].sort()));
    for (const situation of [
      ...[
        'corrections',
        'credits',
        'disputes',
        'resolution',
        'contract-prices',
        'suspensions',
        'packs',
        'close',
      ],
      ...['an estimate billed', 'an estimate of a later month billed', 'close price_not_agreed'],
    ])
      expect(met.get(situation) ?? 0, situation).toBeGreaterThan(0);
  });
});
