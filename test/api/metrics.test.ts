/** What `/metrics` shows of the embedded store after load, and that the dashboard asks for nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';

const DASHBOARD = new URL('../../docs/grafana-dashboard.json', import.meta.url);

const loaded = async (): Promise<{ api: ServedApi; text: string }> => {
  const api = await served({ SUANPAN_STORE: `sqlite:${join(temporaryFolder(), 'ledger.db')}` });
  const accounts = Array.from({ length: 20 }, (_, i) => `a${i}`);
  await Promise.all(accounts.map((account) => withAccount(api, account)));
  await Promise.all(
    accounts.flatMap((subject) =>
      Array.from({ length: 10 }, (_, i) => api.ok('POST', '/usage', usage(`r-${i}`, { subject }))),
    ),
  );
  return { api, text: await (await fetch(`${api.base}/metrics`)).text() };
};

const figure = (text: string, name: string): number => {
  const [, value] = new RegExp(`^${name.replace(/[{}"+]/g, '\\$&')} (.+)$`, 'm').exec(text) ?? [];
  return Number(value);
};

test('after load, commits are there by their size and by how long they took, each once', async () => {
  const { api, text } = await loaded();
  try {
    const { metrics } = api.running.api.ledger.store as SqliteStore;
    const commits = figure(text, 'suanpan_commit_events_count');
    const events = figure(text, 'suanpan_commit_events_sum');
    // What was recorded before the server watched (zone, price books) is in no histogram.
    expect(commits).toBeGreaterThan(0);
    expect(commits).toBeLessThanOrEqual(metrics.commits);
    expect(events).toBeGreaterThan(20 * 3);
    expect(events).toBeLessThanOrEqual(metrics.events);
    expect(figure(text, 'suanpan_commit_events_bucket{le="1"}')).toBeLessThan(commits);
    expect(figure(text, 'suanpan_commit_events_bucket{le="+Inf"}')).toBe(commits);
    expect(figure(text, 'suanpan_commit_seconds_count')).toBe(commits);
    expect(figure(text, 'suanpan_commit_seconds_sum')).toBeGreaterThan(0);
    expect(figure(text, 'suanpan_commit_seconds_bucket{le="5"}')).toBe(commits);
  } finally {
    await api.stop();
  }
});

test('the dashboard asks for what is there', async () => {
  const { api, text } = await loaded();
  try {
    const asked = readFileSync(DASHBOARD, 'utf8').match(/\b(suanpan|process)_[a-z_]+[a-z]/g) ?? [];
    expect(asked).toContain('suanpan_commit_seconds_bucket');
    const missing = asked.filter((name) => !text.includes(name));
    expect(missing).toEqual([]);
  } finally {
    await api.stop();
  }
});
