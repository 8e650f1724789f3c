/** `suanpan verify --store`, `export`, `account` and `packs`. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { verifyStore } from '../audit/verify-store.ts';
import { accountView, packView } from '../ledger/account-view.ts';
import { loadEntry } from '../ledger/entry.ts';
import { recordLines } from '../store/record-block.ts';
import { hexOf } from '../store/seal.ts';
import { type Command, STORE_FLAG, WrongUse } from './command.ts';
import { counted, styled, table } from './output.ts';
import { reading } from './reading.ts';
import { instantFlag } from './write-commands.ts';

export const verify: Command = {
  usage: 'verify --store [sqlite:PATH]',
  what: 'Reads every event and checks seals, chains and sums.',
  flags: {
    store: { type: 'boolean', what: 'verify a store; its address may follow (default SUANPAN_STORE)' },
  },
  words: [0, 1],
  run: (context) => {
    if (!context.flags['store']) throw new WrongUse('usage: suanpan verify --store [sqlite:PATH]');
    const [address] = context.words;
    const flags = { ...context.flags, store: address };
    return reading({ ...context, flags }, async ({ store, calendar }) => {
      const { out } = context;
      const result = await verifyStore(store, calendar, (events) =>
        out.progress(`${counted(events)} events verified`),
      );
      out.done();
      out.answer({ ok: result.findings.length === 0, ...result });
      for (const { stream, revision, what, expected, found } of result.findings) {
        out.say(
          `${styled('red', 'differs')}: event ${revision} of ${stream}: ${what}: expected ${expected}, found ${found}`,
        );
      }
      out.say(
        `${counted(result.events)} events of ${counted(result.streams)} streams, ${counted(result.records)} records: ` +
          (result.findings.length === 0 ? 'every seal and sum holds' : `${result.findings.length} findings`),
      );
      return result.findings.length === 0 ? 0 : 1;
    });
  },
};

const PAGE = 256;

export const exportFile: Command = {
  usage: 'export FILE',
  what: 'Writes every event as NDJSON, with its seal and its records (- writes to standard output).',
  flags: STORE_FLAG,
  words: [1, 1],
  run: (context) =>
    reading(context, async ({ store }) => {
      const [file = '-'] = context.words;
      const to = file === '-' ? process.stdout : createWriteStream(file);
      let events = 0;
      let after: string | null = null;
      for (;;) {
        const page = await store.readAll({ after, limit: PAGE, records: true });
        if (page.length === 0) break;
        for (const { position, stream, revision, header, data, records, hash } of page) {
          const line = `{"position":"${position}","stream":${JSON.stringify(stream)},"revision":${revision},"header":${header},"data":${data},${records ? `"records":[${recordLines(records).join(',')}],` : ''}"hash":"${hexOf(hash)}"}\n`;
          if (!to.write(line)) await once(to, 'drain');
          after = position;
        }
        events += page.length;
        context.out.progress(`${counted(events)} events`);
      }
      context.out.done();
      if (file === '-') return 0;
      to.end();
      await once(to, 'finish');
      context.out.answer({ events, file });
      context.out.say(`${counted(events)} events written to ${file}`);
      return 0;
    }),
};

export const account: Command = {
  usage: 'account ACCOUNT',
  what: 'Shows an account: status, balance, services and packs.',
  flags: {
    ...STORE_FLAG,
    at: { type: 'string', what: 'how packs stand at this instant (default: its last event)' },
  },
  words: [1, 1],
  run: (context) =>
    reading(context, async ({ store }) => {
      const [id = ''] = context.words;
      const { account: held } = await loadEntry(store, null, id);
      if (!held) throw new WrongUse(`account_unknown: there is no account ${id}`);
      const now = instantFlag(context, 'at') ?? held.clock;
      const shown = await accountView(store, held);
      const { name, status, suspensions, balance, services } = shown;
      const packs = held.packs.map((pack) => packView(pack, now));
      const { out } = context;
      out.answer({ ...shown, lastClosed: held.lastClosed, packs });
      out.say(
        `${styled('bold', id)} ${name}  ${status} ${suspensions.map(({ reason }) => reason).join(', ')}`,
      );
      out.say(`balance ${balance.total}, available ${balance.available}, frozen ${balance.frozen}`);
      out.say(`services ${services.join(', ') || 'none'}; last closed ${held.lastClosed ?? 'never'}`);
      for (const row of table(
        packs.map((p) => [p.pack, p.pool, counted(p.size), counted(p.remaining), p.state, p.expiresAt]),
        [2, 3],
      ))
        out.say(row);
      return 0;
    }),
};
