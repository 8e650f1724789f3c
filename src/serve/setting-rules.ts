/** Rules for settings that would be accepted and then do nothing: origins of browsers, the mail server, the sender. */

/** The parts of a list separated by commas. */
export const listed = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Whether a text is an origin exactly as browsers send it: no path, no default port, no capitals. */
export const isOrigin = (text: string): boolean => {
  if (!/^https?:/i.test(text)) return OTHER_ORIGIN.test(text);
  // A pattern is a host to the parser, and no origin is ever equal to it.
  return URL.canParse(text) && new URL(text).origin === text && !text.includes('*');
};
export const ORIGIN_RULE =
  'is not an origin as browsers send it, expected scheme://host or scheme://host:port (https://app.example.com)';

/** Whether a text is the address of a mail server. */
export const isMailServer = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (protocol === 'smtp:' || protocol === 'smtps:') && hostname !== '';
};
export const MAIL_SERVER_RULE =
  'is not the address of a mail server, expected smtp://user:password@host:port or smtps://user:password@host:port';

/** Whether a text is one address that mail can be from, with or without a name. */
export const isSender = (text: string): boolean => SENDER.test(text);
export const SENDER_RULE = 'is not an e-mail address, expected name@host or Name <name@host>';

/** Origins of extensions and apps. */
const OTHER_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(:\d{1,5})?$/;
const ADDRESS = String.raw`[^\s\p{Cc}<>()[\]\\,;:@"]{1,200}@[^\s\p{Cc}<>()[\]\\,;:@"]{1,200}`;
const SENDER = new RegExp(
  String.raw`^(?:${ADDRESS}|(?:"[^"\\\p{Cc}]{0,200}"|[^"<>()[\]\\,;:@\p{Cc}]{0,200}) ?<${ADDRESS}>)$`,
  'u',
);
