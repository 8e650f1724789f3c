/** Conversions between bytes and text, on any platform. */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const utf8 = (text: string): Uint8Array => encoder.encode(text);
/** Throws a TypeError for bytes that are not valid UTF-8. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

export const hexText = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
};

/** The bytes of lower-case hex, or null for anything else. */
export const hexBytes = (text: string): Uint8Array | null =>
  /^([0-9a-f]{2})*$/.test(text)
    ? Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    : null;

export const base64Text = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** The bytes of canonical base64 (as `base64Text` writes it); null for any other text. */
export const base64Bytes = (text: string): Uint8Array<ArrayBuffer> | null => {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return base64Text(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
};

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
