/** What a server sent, on a terminal: control and bidirectional characters in names of others are written as `\u{…}`. */
const UNPRINTABLE =
  /\p{Cc}|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** Prints values as one line; objects as JSON. */
export const show = (...values: readonly unknown[]): void => {
  const texts = values.map((value) =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value),
  );
  console.log(
    texts.join(' ').replace(UNPRINTABLE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`),
  );
};
