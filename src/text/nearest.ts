/** Suggests known names in messages about unknown ones. */

/** Maximum distance for a misspelling. */
const DISTANCE_SHARE = 0.4;
const LENGTH_MAX = 64;

/** The nearest known name, ignoring case; null if none is near. */
export const nearest = (given: string, known: Iterable<string>): string | null => {
  if (given.length === 0 || given.length > LENGTH_MAX) return null;
  const lower = given.toLowerCase();
  let best: { name: string; distance: number } | null = null;
  for (const name of known) {
    const longer = Math.max(given.length, name.length);
    const most = Math.max(1, Math.floor(longer * DISTANCE_SHARE));
    // Each character that one has more is an insertion.
    if (longer - Math.min(given.length, name.length) > most) continue;
    const distance = editDistance(lower, name.toLowerCase());
    if (distance > most) continue;
    if (best === null || distance < best.distance) best = { name, distance };
  }
  return best?.name ?? null;
};

/** `; did you mean X?`, or nothing: for the end of a message about an unknown name. */
export const didYouMean = (given: string, known: Iterable<string>): string => {
  const name = nearest(given, known);
  return name === null ? '' : `; did you mean ${name}?`;
};

/** Insertions, deletions, replacements and exchanges of neighbours that turn one text into another. */
const editDistance = (a: string, b: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
};
