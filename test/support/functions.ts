/** The functions of a source file, and how many lines the body of each takes. */
import { parseAst } from 'rolldown/parseAst';

export interface FunctionLength {
  /** What it is bound to, or the line where it begins. */
  readonly name: string;
  readonly lines: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;

const nameIn = (node: Node | null): string | null => {
  for (const key of ['id', 'key'] as const) {
    const named: unknown = node && key in node ? Reflect.get(node, key) : null;
    if (isNode(named) && 'name' in named) return String(named.name);
  }
  return null;
};

/** All functions of a file, those within others too. */
export const functionsOf = (file: string, text: string): FunctionLength[] => {
  const linesIn = (from: number, to: number): number => text.slice(from, to).split('\n').length;
  const found: FunctionLength[] = [];
  const visit = (node: Node, parent: Node | null): void => {
    const body: unknown = node.type.includes('Function') && 'body' in node ? node.body : null;
    if (isNode(body))
      found.push({
        name: nameIn(node) ?? nameIn(parent) ?? `line ${linesIn(0, node.start)}`,
        lines: linesIn(body.start, body.end),
      });
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, node);
  };
  visit(parseAst(text, { lang: 'ts' }, file), null);
  return found;
};
