/** The commands of the command line, by name. */

import { account } from './account-command.ts';
import { changes, estimate } from './as-of-commands.ts';
import { backup, restore } from './backup-command.ts';
import { bill, replay } from './bill-commands.ts';
import { blocked } from './blocked-command.ts';
import { bundle } from './bundle-command.ts';
import { checkpoint } from './checkpoint-command.ts';
import type { Command } from './command.ts';
import { copy } from './copy-command.ts';
import { demo } from './demo-command.ts';
import { dispute } from './dispute-command.ts';
import { explain } from './explain-command.ts';
import { exportFile } from './export-command.ts';
import { keys } from './keys-command.ts';
import { load } from './load-command.ts';
import { priceBook } from './price-book-command.ts';
import { quarantine } from './quarantine-command.ts';
import { overview, rebuild } from './rebuild-command.ts';
import { serve } from './serve-command.ts';
import { signingKeys } from './signing-keys-command.ts';
import { verify } from './verify-command.ts';
import { wait } from './wait-command.ts';
import { closeMonth, importFile } from './write-commands.ts';

export const commands: Readonly<Record<string, Command>> = {
  serve,
  wait,
  demo,
  import: importFile,
  'close-month': closeMonth,
  blocked,
  bill,
  replay,
  explain,
  estimate,
  account,
  changes,
  bundle,
  verify,
  dispute,
  checkpoint,
  quarantine,
  rebuild,
  overview,
  export: exportFile,
  load,
  copy,
  backup,
  restore,
  keys,
  'signing-keys': signingKeys,
  'price-book': priceBook,
};
