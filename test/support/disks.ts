/**
 * Disks that go wrong, for real: a small file system that is filled up, and files that can no longer be written. Root
 * is not stopped by file modes, and a file system with open files is not remounted read-only (EBUSY); immutable files
 * (`chattr +i`) refuse writes through open descriptors too, as after the kernel has made a file system read-only.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const quietly = (command: string, words: readonly string[]): void =>
  void execFileSync(command, words, { stdio: 'ignore' });

export interface SmallDisk {
  readonly folder: string;
  /** Takes every byte that is left. */
  fill(): void;
  /** Gives them back. */
  empty(): void;
}

/** A file system of its own; throws where it may not be mounted. It goes when the test does. */
export const smallDisk = (mebibytes: number): SmallDisk => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-disk-'));
  quietly('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  onTestFinished(() => {
    quietly('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => {
      const file = openSync(filler, 'a');
      try {
        for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) fillBy(file, size);
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(filler, { force: true }),
  };
};

const fillBy = (file: number, size: number): void => {
  try {
    while (writeSync(file, new Uint8Array(size)) > 0);
  } catch {
    // No space for so many; fewer may fit.
  }
};

/** Files and folders whose names match can no longer be written, nor anything made in the folders. Gives it back. */
export const unwritable = (folder: string, names: RegExp): (() => void) => {
  const all = withinOf(folder).filter((path) => names.test(path) && !path.endsWith('-shm'));
  quietly('chattr', ['+i', ...all]);
  let isOver = false;
  const over = () => {
    if (!isOver) quietly('chattr', ['-i', ...all]);
    isOver = true;
  };
  onTestFinished(over);
  return over;
};

/**
 * A folder and what is in it. The `-shm` files are memory that processes share: a read-only file system leaves what is
 * mapped of them as it is, an immutable flag would kill the process (SIGBUS).
 */
const withinOf = (path: string): string[] => [
  path,
  ...(statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => withinOf(join(path, name))) : []),
];

/** Why a kind of broken disk cannot be had here; null where it can. */
export const whyNot = (kind: 'mount' | 'chattr'): string | null => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-disk-'));
  try {
    if (kind === 'mount') {
      quietly('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
      quietly('umount', [folder]);
    } else {
      quietly('chattr', ['+i', folder]);
      quietly('chattr', ['-i', folder]);
    }
    return null;
  } catch (error) {
    return `${kind} is not permitted here (${error instanceof Error ? error.message : error})`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
