/** The Nodes that the package is for, as far as they are found here without asking a network for them. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The modules run on these, from the very first of package.json's `engines` on; the command on 24 and newer. */
export const SUPPORTED = ['20.0.0', '20', '22', '24'] as const;

const isFull = process.env['SUANPAN_PROOF'] === 'full';

export interface FoundNode {
  /** As in `SUPPORTED`. */
  readonly version: string;
  readonly major: number;
  /** Null where it is not here; `why` says what was looked for. */
  readonly path: string | null;
  readonly why: string;
}

const versionOf = (path: string): string =>
  spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim().replace(/^v/, '') ?? '';

/** A Node of a version: this one, one on the path, or npm's package of it (from its cache, or the registry in full proof). */
export const nodeOf = (version: string, folder: string): FoundNode => {
  const major = Number(version.split('.')[0]);
  const isIt = (one: string): boolean => `${one}.`.startsWith(`${version}.`);
  if (isIt(process.versions.node)) return { version, major, path: process.execPath, why: '' };
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((place) => join(place, 'node'))
    .find((path) => existsSync(path) && isIt(versionOf(path)));
  if (onPath) return { version, major, path: onPath, why: '' };
  const name = `node-${process.platform}-${process.arch}@${version}`;
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
  const installed = spawnSync('npm', [...args, ...(isFull ? [] : ['--offline']), name], { encoding: 'utf8' });
  const path = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return installed.status === 0 && existsSync(path)
    ? { version, major, path, why: '' }
    : { version, major, path: null, why: `no Node ${version} on the path, nor ${name} in npm's cache` };
};
