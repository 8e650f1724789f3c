/** A store's address, and the location of its derived files. */
import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { engineAddress, isEngineAddress, shownAddress } from '../eventstore/eventstoredb/address.ts';
import { readWatermark } from '../eventstore/sqlite/watermark.ts';
import { makePrivateFolder } from '../files/folder.ts';
import { walPath } from '../files/sqlite-file.ts';

/** A setting that cannot be used: wrong use, not a failure. */
export class BadSetting extends Error {}

export const DEFAULT_STORE = 'sqlite:./data/ledger.db';
export const DEFAULT_ZONE = 'Asia/Shanghai';
export const DEFAULT_DATA = './data';
export const ADDRESSES = 'sqlite:PATH, esdb://HOST:PORT, kurrentdb://HOST:PORT or memory:';

export interface Where {
  readonly address: string;
  /** The address without a password, for people. */
  readonly shown: string;
  readonly kind: 'memory' | 'file' | 'engine';
  /** Prefix of derived files' names (see `derived/files.ts`); null: in memory. */
  readonly base: string | null;
}

/**
 * Resolves the location of a store and its derived files. `data` is the folder for data derived from an engine's
 * ledger; null: in memory. Throws BadSetting for an unknown kind of address.
 */
export const whereOf = (address: string, data: string | null): Where => {
  if (address === 'memory:') return { address, shown: address, kind: 'memory', base: null };
  if (isEngineAddress(address)) {
    try {
      engineAddress(address);
    } catch (error) {
      throw new BadSetting(`store: ${error instanceof Error ? error.message : error}`);
    }
    return {
      address,
      shown: shownAddress(address),
      kind: 'engine',
      base: data === null ? null : join(data, 'ledger'),
    };
  }
  return { address, shown: address, kind: 'file', base: fileOf(address) };
};

/**
 * The file of an embedded store's address; behind a link, the file itself. Throws BadSetting for another kind, and for a
 * folder.
 */
export const fileOf = (address: string): string => {
  if (isEngineAddress(address))
    throw new BadSetting('store: this command is about a file (sqlite:PATH); an engine has its own means');
  if (!address.startsWith('sqlite:') || address === 'sqlite:')
    throw new BadSetting(`store: ${address} is not ${ADDRESSES}`);
  const path = address.slice('sqlite:'.length);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new BadSetting(
      `store: ${path} is a folder: name the ledger's file in it (${join(path, 'ledger.db')})`,
    );
  return behindLink(path);
};

/**
 * What a link leads to, even if nothing is there. A ledger's logs, lock and key are beside its file, whatever name it is
 * opened by; beside a link they would be others, and two processes could write one ledger.
 */
const behindLink = (path: string): string => {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  try {
    return realpathSync(path);
  } catch (error) {
    const isDangling = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isDangling ? behindLink(resolve(dirname(path), readlinkSync(path))) : path;
  }
};

/** Why no ledger can be at a path; null if one may be. A ledger that only its log holds has an empty file. */
export const whyNoLedger = (path: string): string | null => {
  const sizeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size;
  const size = sizeOf(path);
  if (size === undefined) return `store: there is no ledger at ${path}`;
  if (size > 0 || (sizeOf(walPath(path)) ?? 0) > 0 || readWatermark(path) !== null) return null;
  return `store: there is no ledger at ${path}: the file is empty`;
};

/** Creates a folder given by a setting. */
export const makeFolder = (path: string): void => {
  try {
    makePrivateFolder(path);
  } catch (error) {
    throw new BadSetting(`${path} cannot be made: ${error instanceof Error ? error.message : error}`);
  }
};
