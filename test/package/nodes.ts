/** The Nodes that the package is for, as far as they are found here without asking a network for them. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The modules run on these; the command on 24 and newer. README.md says so. */
export const SUPPORTED = [20, 22, 24] as const;

const isFull = process.env['SUANPAN_PROOF'] === 'full';

export interface FoundNode {
  readonly major: number;
  /** Null where it is not here; `why` says what was looked for. */
  readonly path: string | null;
  readonly why: string;
}

const majorOf = (path: string): number => {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? 0);
};

/** A Node of a major version: this one, one on the path, or npm's package of it (from its cache, or the registry in full proof). */
export const nodeOf = (major: number, folder: string): FoundNode => {
  if (Number(process.versions.node.split('.')[0]) === major)
    return { major, path: process.execPath, why: '' };
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((place) => join(place, 'node'))
    .find((path) => existsSync(path) && majorOf(path) === major);
  if (onPath) return { major, path: onPath, why: '' };
  const name = `node-${process.platform}-${process.arch}@${major}`;
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
  const installed = spawnSync('npm', [...args, ...(isFull ? [] : ['--offline']), name], { encoding: 'utf8' });
  const path = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return installed.status === 0 && existsSync(path)
    ? { major, path, why: '' }
    : { major, path: null, why: `no Node ${major} on the path, nor ${name} in npm's cache` };
};
