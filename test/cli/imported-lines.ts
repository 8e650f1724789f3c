/** Lines imported into a ledger of their own, in memory. */
import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { importLines } from '../../src/import/import.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { readRefused } from '../../src/ledger/refused-usage/read.ts';

const AT = '2019-01-01T00:00:00+08:00';
export const open = `{"at":"${AT}","command":"open-account","account":"acme","name":"Acme"}`;
export const activate = `{"at":"${AT}","command":"activate-service","account":"acme","product":"face-recognition"}`;
export const usage = (id: string, data = '"calls":1'): string =>
  `{"specversion":"1.0","type":"suanpan.usage","source":"/g","id":"${id}","subject":"acme","time":"${AT}","data":{"interface":"face-recognition/compare",${data}}}`;
export const command = (name: string, more = ''): string =>
  `{"at":"${AT}","command":"${name}","account":"acme"${more}}`;

export type Line = string | Buffer;

/** What became of them, and the usage that was refused. */
export const imported = async (lines: readonly Line[]) => {
  const ledger = await openLedgerAt({ store: 'memory:', clock: 'driven' });
  try {
    const end = Buffer.from('\n');
    const bytes = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), end]));
    const options = { stopOnError: false, problemsMax: 100, onProgress: () => undefined };
    const result = await importLines(ledger, Readable.from([bytes]), options);
    const refused = [
      ...(await readRefused(ledger.store, null)),
      ...(await readRefused(ledger.store, 'acme')),
    ];
    return { result, refused };
  } finally {
    await ledger.close();
  }
};

/** Kinds of lines of which there may be many. */
export const KINDS: Readonly<Record<string, (i: number) => string>> = {
  usage: (i) => usage(`id-${i}`),
  commands: (i) => command('deposit', `,"amount":"1.00","reference":"r${i}"`),
  junk: (i) => `garbage ${i}`,
  'usage that is refused': (i) => usage(`id-${i}`, '"calls":0'),
  'the same line': () => usage('id'),
};

/** So many lines of a kind, imported: what the work of is counted. */
export const many = (kind: string, count: number) =>
  imported([open, activate, ...Array.from({ length: count }, (_, i) => KINDS[kind]?.(i) ?? '')]);
