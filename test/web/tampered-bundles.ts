/** What others would make of the bundle of demo-02 for January 2020. */

/** Changes of a bundle: a digit, a letter or a line somewhere, each in a part of its own. */
export const CHANGES: Readonly<Record<string, (text: string) => string>> = {
  'the due of the bill': (text) => text.replace('"due":"', '"due":"1'),
  'the month it is about': (text) => text.replace('"month":"2020-01"', '"month":"2020-02"'),
  'the account it is about': (text) => text.replace('"account":"demo-02"', '"account":"demo-03"'),
  'the price of a book': (text) => text.replace('\\"unitPrice\\":\\"0.', '\\"unitPrice\\":\\"1.'),
  'the calls of a record': (text) => text.replace(/(\n\[\d+,"[^"]+",\d+,\d+,)(\d)/, '$19$2'),
  'an event that is left out': (text) => text.replace(/\n[^\n]*BillSettled[^\n]*/, ''),
  'a line twice': (text) => text.replace(/\n(\[\d+,"[^\n]*)/, '\n$1\n$1'),
  'the time of the checkpoint': (text) => text.replace(/time \d/, 'time 9'),
  'the digest of the bill': (text) => text.replace(/"digest":"[0-9a-f]{4}/, '"digest":"0000'),
  'the end of the file': (text) => text.slice(0, -200),
};
