/** A store's address, and the location of its derived files. */
import { join } from 'node:path';
import { engineAddress, isEngineAddress, shownAddress } from '../eventstore/eventstoredb/address.ts';
import { makePrivateFolder } from '../files/folder.ts';

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

/** The file of an embedded store's address. Throws BadSetting for another kind. */
export const fileOf = (address: string): string => {
  if (isEngineAddress(address))
    throw new BadSetting('store: this command is about a file (sqlite:PATH); an engine has its own means');
  if (!address.startsWith('sqlite:') || address === 'sqlite:')
    throw new BadSetting(`store: ${address} is not ${ADDRESSES}`);
  return address.slice('sqlite:'.length);
};

/** Creates a folder given by a setting. */
export const makeFolder = (path: string): void => {
  try {
    makePrivateFolder(path);
  } catch (error) {
    throw new BadSetting(`${path} cannot be made: ${error instanceof Error ? error.message : error}`);
  }
};
