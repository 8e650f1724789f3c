/** Settings that would be accepted and then do nothing are refused, with what is expected. */
import { describe, expect, test } from 'vitest';
import { BadSetting } from '../../src/ledger/location.ts';
import { readSettings } from '../../src/serve/settings.ts';

const refusal = (flag: string, value: string): string => {
  try {
    readSettings({ [flag]: value }, {});
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(BadSetting);
    return (error as Error).message;
  }
};

describe('origins of browsers', () => {
  test.each([
    ...['*', 'null', 'app.example.com', 'https://app.example.com/', 'https://app.example.com/page'],
    ...['https://App.example.com', 'https://app.example.com:443', 'https://*.example.com', 'https://'],
    ...['https://a.example.com,*', 'https://user@app.example.com', 'file://'],
  ])('%s is none', (cors) => {
    expect(refusal('cors', cors)).toMatch(/^SUANPAN_CORS \(--cors\): .* expected scheme:\/\/host or /);
  });

  test.each([
    ['', []],
    ['https://app.example.com', ['https://app.example.com']],
    ['http://localhost:5173, https://[::1]:8443', ['http://localhost:5173', 'https://[::1]:8443']],
    ['chrome-extension://abcdef', ['chrome-extension://abcdef']],
  ])('%s is taken', (cors, origins) => {
    expect(readSettings({ cors }, {}).origins).toEqual(origins);
  });
});

describe('the mail server', () => {
  test.each(['http://mail:25', 'mail:25', 'mail.example.com', 'smtp://', 'imap://user:secret@mail'])(
    '%s is none',
    (smtp) => {
      const message = refusal('smtp', smtp);
      expect(message).toMatch(
        /^SUANPAN_SMTP \(--smtp\): .* expected smtp:\/\/user:password@host:port or smtps:/,
      );
      expect(message).not.toContain('secret');
    },
  );
  test.each(['smtp://mail', 'smtp://user:secret@mail.example.com:587', 'smtps://127.0.0.1:465'])(
    '%s is one',
    (smtp) => {
      expect(readSettings({ smtp }, {}).smtp).toBe(smtp);
    },
  );
});

describe('the sender of e-mail', () => {
  test.each([
    '',
    'suanpan',
    'a@',
    '@b',
    'a@b, c@d',
    'a b@c',
    'a@b\r\nBcc: c@d',
    'Name <a>',
    'A, B <a@b>',
    'a@b@c',
  ])('%j is none', (from) => {
    expect(refusal('mail-from', from)).toMatch(
      /^SUANPAN_MAIL_FROM \(--mail-from\): [\s\S]* expected name@host or /,
    );
  });
  test.each(['suanpan@localhost', '算盘 <billing@example.com>', '"Bills, Ltd." <b@example.com>', '<a@b>'])(
    '%s is one',
    (from) => {
      expect(readSettings({ 'mail-from': from }, {}).mailFrom).toBe(from);
    },
  );
});
