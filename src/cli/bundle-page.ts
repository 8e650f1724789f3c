/**
 * An audit bundle as one HTML page with its verifier: `npm run build` makes the page without a bundle, and the bundle goes
 * into it as text in which `&` and `<` are escaped, so that nothing of it is read as HTML.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WrongUse } from './command.ts';

/** The element of the page that the bundle goes into. */
const PLACE = '<script type="application/x-ndjson" id="bundle">';

const PAGE = ((): string => {
  const beside = fileURLToPath(new URL('../bundle-page.html', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/bundle-page.html', import.meta.url));
})();

/** The page with a bundle in it, in pieces. Throws WrongUse where the page was not built. */
export async function* bundlePage(
  pieces: AsyncIterable<string> | Iterable<string>,
  file = PAGE,
): AsyncGenerator<string> {
  if (!existsSync(file)) throw new WrongUse('the page for --html is not built here: npm run web builds it');
  const page = readFileSync(file, 'utf8');
  const at = page.indexOf(PLACE) + PLACE.length;
  yield page.slice(0, at);
  for await (const piece of pieces) yield piece.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  yield page.slice(at);
}
