/** What files export, and who imports it by which name; circles of imports. Read from the text, types included. */
import { dirname, join, normalize } from 'node:path';

const EXPORTED =
  /^export (?:declare )?(?:abstract )?(?:async )?(const|function\*?|class|interface|type|let) (?:\* ?)?(\w+)/gm;
const IMPORTED = /^(?:import|export) (?:type )?\{([^}]*)\} from '([^']+)'/gm;
const WHOLE = /^(?:import|export) (?:type )?\* (?:as \w+ )?from '([^']+)'/gm;
const LOADED = /\{([^{}]*)\} = await import\(\s*'([^']+)'\s*\)|import\(\s*'([^']+)'\s*\)/g;

const placeOf = (file: string, name: string): string => normalize(join(dirname(file), name));

export interface Export {
  readonly file: string;
  readonly name: string;
  /** Types may be used where they are: by the signature of another export. */
  readonly isType: boolean;
}

export const exportsOf = (file: string, text: string): Export[] =>
  [...text.matchAll(EXPORTED)].map(([, kind = '', name = '']) => ({
    file,
    name,
    isType: kind === 'interface' || kind === 'type',
  }));

/** `file name` of everything that a file imports; `file *` where it imports all. */
export const namesImported = (file: string, text: string): string[] => [
  ...[...text.matchAll(IMPORTED), ...text.matchAll(LOADED)].flatMap(([, names, from, whole]) => {
    if (names === undefined) return whole === undefined ? [] : [`${placeOf(file, whole)} *`];
    const parts = names.split(',').map((part) => part.trim().replace(/^type /, ''));
    return parts.flatMap((part) => {
      const [name = ''] = part.split(/\s+as\s+|:/);
      return name === '' || from === undefined ? [] : [`${placeOf(file, from)} ${name.trim()}`];
    });
  }),
  ...[...text.matchAll(WHOLE)].map(([, from = '']) => `${placeOf(file, from)} *`),
];

/** The first circle that is met, as the files along it; null if there is none. */
export const circleOf = (imports: ReadonlyMap<string, readonly string[]>): string[] | null => {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of imports.get(file) ?? []) {
      const circle = walk(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of imports.keys()) {
    const circle = walk(file, []);
    if (circle) return circle;
  }
  return null;
};
