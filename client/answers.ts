/** What comes back: an answer, a refusal, or something that does not come from a ledger at all. */
import { isLater } from './retries.ts';

const SHOWN = 200;
const KEPT = 10_000;
export const JSON_MEDIA = 'application/json';

/** A refusal: `code` names it (docs/refusals.md), the members of `problem` say what is meant. */
export class Refused extends Error {
  override readonly name: string = 'Refused';
  readonly status: number;
  readonly code: string;
  readonly problem: Readonly<Record<string, unknown>>;
  constructor(problem: Readonly<Record<string, unknown>>) {
    super(printable(`${problem['code']}: ${problem['detail']}`));
    this.status = Number(problem['status']);
    this.code = String(problem['code']);
    this.problem = problem;
  }
}

/** An answer that does not come from a ledger: a proxy's error page, another server at the address, half an answer. */
export class UnexpectedAnswer extends Error {
  override readonly name: string = 'UnexpectedAnswer';
  readonly status: number;
  readonly contentType: string;
  /** The beginning of what was answered. */
  readonly text: string;
  constructor(url: string, status: number, contentType: string, text: string, why = '') {
    const what = `${url} answered ${status} with ${contentType || 'no content type'}${why}`;
    super(printable(`${what}: ${text.slice(0, SHOWN)}`));
    this.status = status;
    this.contentType = contentType;
    this.text = text.slice(0, KEPT);
  }
}

/** Nothing came back, in any attempt: no connection, a broken one, or none in time. `cause` is what the last one met. */
export class NoAnswer extends Error {
  override readonly name: string = 'NoAnswer';
  constructor(url: string, attempts: number, cause: unknown) {
    super(printable(`${url} did not answer in ${attempts} attempts: ${causesOf(cause)}`), { cause });
  }
}

/** "fetch failed" alone says nothing: what it comes from does. */
const causesOf = (error: unknown): string => {
  const causes: string[] = [];
  for (let one: unknown = error; one instanceof Error && causes.length < 5; one = one.cause)
    causes.push(one.message || String((one as { code?: unknown }).code ?? one.name));
  return causes.join(': ') || String(error);
};

/** What came back, or why nothing did. */
export type Answered = Got | { readonly got: false; readonly error: unknown };

export interface Got {
  readonly got: true;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** False: it is longer than any that is read. */
  readonly isWhole: boolean;
}

/** Messages are printed: what moves a cursor or turns text around is shown as an escape. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);

const isJson = (type: string): boolean => /^application\/([a-z.-]+\+)?json\b/i.test(type);

/** Why an answer is none that was asked for; null where it is one. */
export const failureOf = (answer: Got, url: string, media: string): Refused | UnexpectedAnswer | null => {
  const { status, text, headers, isWhole } = answer;
  const type = headers.get('content-type') ?? '';
  const content = isJson(type) ? parsed(text) : undefined;
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  const location = headers.get('location');
  const why = !isWhole
    ? ', too long to be read'
    : location
      ? `, a redirect to ${location}`
      : status === 0
        ? ', a redirect'
        : '';
  const unexpected = () => new UnexpectedAnswer(url, status, type, text, why);
  if (status >= 200 && status < 300) {
    const fits = media.split(', ').some((one) => (one === JSON_MEDIA ? isObject : type.startsWith(one)));
    return fits && isWhole ? null : unexpected();
  }
  return isObject && 'code' in content ? new Refused({ status, ...content }) : unexpected();
};

/** An answer's content: parsed where it is JSON and JSON is asked for. */
export const contentOf = <Answer>(
  { headers, text }: { readonly headers: Headers; readonly text: string },
  media: string,
): Answer => {
  const isParsed = media.includes(JSON_MEDIA) && isJson(headers.get('content-type') ?? '');
  return (isParsed ? JSON.parse(text) : text) as Answer;
};

/** Undefined for what is not JSON, for example an answer that was cut. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** An answer that says "later", and half of one: every call is safe to repeat. */
export const mayRepeat = (answer: Got, failure: unknown): boolean => {
  const isCut =
    answer.isWhole &&
    answer.status < 300 &&
    failure instanceof UnexpectedAnswer &&
    isJson(failure.contentType) &&
    parsed(answer.text) === undefined;
  return isCut || isLater(answer.status, failure instanceof Refused ? failure.code : undefined);
};
