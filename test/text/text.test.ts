/** Bytes to text and text to terminals: nothing is replaced in silence, nothing is shown that is not there. */
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didYouMean, nearest } from '../../src/text/nearest.ts';
import { printable, printableLines } from '../../src/text/printable.ts';
import { invalidUtf8At, utf8InSteps, utf8Text } from '../../src/text/utf8.ts';

describe('UTF-8', () => {
  test('valid bytes are their text, a byte order mark included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = new TextEncoder().encode(text);
        expect(utf8Text(bytes)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        expect(invalidUtf8At(bytes)).toBeNull();
      }),
    );
    expect(utf8Text(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe('\ufeff');
  });

  test.each(['a', 'é', '名', '😀', 'a😀', '\ufeff名'])(
    'many bytes of %s are UTF-8, looked at in steps that end between two characters',
    (one) => {
      for (const before of ['', 'x', 'xx', 'xxx']) {
        const text = `${before}${one.repeat(300_000)}`;
        const steps = utf8InSteps(new TextEncoder().encode(text));
        let taken = 1;
        let step = steps.next();
        for (; !step.done; taken++) step = steps.next();
        expect(step.value).toBe(true);
        expect(taken).toBeGreaterThan(2);
      }
    },
  );

  test.each([
    ['a byte that is none', [0x61, 0xff]],
    ['a character that is cut', [0x61, 0xe5, 0x90]],
    ['bytes that go on with nothing', new Array(600_000).fill(0x80)],
  ])('many bytes with %s are not UTF-8', (_, end) => {
    const bytes = Uint8Array.from([...new Array(300_000).fill(0x61), ...end]);
    const steps = utf8InSteps(bytes);
    let step = steps.next();
    while (!step.done) step = steps.next();
    expect(step.value).toBe(false);
  });

  test('invalid bytes are reported at the first of them', () => {
    expect(utf8Text(Uint8Array.of(0xc4, 0xe3))).toBeNull();
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array({ minLength: 0, maxLength: 9 }),
        (text, junk) => {
          const before = new TextEncoder().encode(text);
          const bytes = Uint8Array.from([...before, 0xff, ...junk]);
          expect(invalidUtf8At(bytes)).toBe(before.length);
        },
      ),
    );
  });

  test('the offset is right for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        const at = invalidUtf8At(bytes);
        expect(isUtf8(bytes)).toBe(at === null);
        if (at === null) return;
        expect(isUtf8(bytes.subarray(0, at))).toBe(true);
        for (let n = 1; n <= 4 && at + n <= bytes.length; n++)
          expect(isUtf8(bytes.subarray(at, at + n))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('text for a terminal', () => {
  test.each([
    ['\u001b[2K\rverified', '\\u{1b}[2K\\u{d}verified'],
    ['a\u009b31mb', 'a\\u{9b}31mb'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['a\u2028b', 'a\\u{2028}b'],
    ['\ud800', '\\u{d800}'],
    ['算盘 👍🏽', '算盘 👍🏽'],
  ])('%j is shown as %j', (text, shown) => expect(printable(text)).toBe(shown));

  test('line feeds of the program stay, all else is escaped', () => {
    expect(printableLines('a\nb\u0007')).toBe('a\nb\\u{7}');
  });
});

describe('the nearest name', () => {
  test.each([
    ['quantitiy', ['quantity', 'pool', 'size'], 'quantity'],
    ['dryrun', ['dryRun', 'after'], 'dryRun'],
    ['buy-pack', ['buy-packs', 'deposit'], 'buy-packs'],
    ['amuont', ['amount', 'account'], 'amount'],
    ['xyz', ['amount', 'account'], null],
    ['x'.repeat(5_000), ['amount'], null],
  ])('%s among %j is %s', (given, known, name) => expect(nearest(given, known)).toBe(name));

  test('is told at the end of a message', () => {
    expect(didYouMean('dryrun', ['dryRun'])).toBe('; did you mean dryRun?');
    expect(didYouMean('zzz', ['dryRun'])).toBe('');
  });
});
