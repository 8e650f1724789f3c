/** Formats a tree as text with ├ │ └. */

export interface Branch {
  readonly text: string;
  readonly under?: readonly Branch[];
}

/** A branch of texts without more under them. */
export const leaves = (texts: readonly string[]): Branch[] => texts.map((text) => ({ text }));

/** The lines of a tree, its root first. */
export const treeLines = ({ text, under = [] }: Branch): string[] => [
  text,
  ...under.flatMap((branch, i) => {
    const isLast = i === under.length - 1;
    const [first = '', ...rest] = treeLines(branch);
    return [`${isLast ? '└' : '├'} ${first}`, ...rest.map((line) => `${isLast ? ' ' : '│'} ${line}`)];
  }),
];
