/** The package as a stranger has it: packed, and put into an empty project with what it depends on and nothing else. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with nothing of this project in its surroundings. */
export const run = (command: string, args: readonly string[], cwd: string): Ran => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|SUANPAN_|NODE_)/.test(name)),
  );
  return spawnSync(command, args, { cwd, encoding: 'utf8', env });
};

/** Builds and packs the package into a folder; gives the packed file. */
export const packed = (folder: string): string => {
  const { stdout, stderr } = spawnSync('npm', ['pack', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (!file) throw new Error(`npm pack made nothing: ${stdout} ${stderr}`);
  return join(folder, file);
};

interface Locked {
  readonly dev?: boolean;
}

/** Puts a packed file into an empty project, beside links to the packages that it depends on outside of development. */
export const unpackedIn = (project: string, tarball: string): void => {
  const modules = join(project, 'node_modules');
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'stranger', type: 'module' }));
  const { status, stderr } = spawnSync('tar', ['-xzf', tarball, '-C', project], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the packed file cannot be read: ${stderr}`);
  renameSync(join(project, 'package'), join(modules, 'suanpan'));
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  for (const [path, { dev = false }] of Object.entries(lock.packages)) {
    // What lies inside of another package comes with its link.
    const isTop =
      path.startsWith('node_modules/') && !path.slice('node_modules/'.length).includes('node_modules/');
    if (isTop && !dev) linkedIn(modules, path.slice('node_modules/'.length));
  }
};

/** Links a package of this project into another one, where it is installed here and not there yet. */
export const linkedIn = (modules: string, name: string): void => {
  const from = join(ROOT, 'node_modules', name);
  if (!existsSync(from) || existsSync(join(modules, name))) return;
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  symlinkSync(from, join(modules, name));
};
