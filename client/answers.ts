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
    super(`${problem['code']}: ${problem['detail']}`);
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
  constructor(url: string, status: number, contentType: string, text: string) {
    super(`${url} answered ${status} with ${contentType || 'no content type'}: ${text.slice(0, SHOWN)}`);
    this.status = status;
    this.contentType = contentType;
    this.text = text.slice(0, KEPT);
  }
}

/** What came back, or why nothing did. */
export type Answered =
  | { readonly got: true; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly got: false; readonly error: unknown };

const isJson = (type: string): boolean => /^application\/([a-z.-]+\+)?json\b/i.test(type);

/** Why an answer is none that was asked for; null where it is one. */
export const failureOf = (answer: Answered, url: string, media: string): unknown => {
  if (!answer.got) return answer.error;
  const { status, text } = answer;
  const type = answer.headers.get('content-type') ?? '';
  const content = isJson(type) ? parsed(text) : undefined;
  const unexpected = () => new UnexpectedAnswer(url, status, type, text);
  if (status >= 200 && status < 300) {
    const fits = media
      .split(', ')
      .some((one) => (one === JSON_MEDIA ? content !== undefined : type.startsWith(one)));
    return fits ? null : unexpected();
  }
  const isProblem = typeof content === 'object' && content !== null && 'code' in content;
  return isProblem ? new Refused({ status, ...content }) : unexpected();
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
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** No answer, one that says "later", and half of one: every call is safe to repeat. */
export const mayRepeat = (answer: Answered, failure: unknown): boolean => {
  if (!answer.got) return true;
  const isCut = answer.status < 300 && failure instanceof UnexpectedAnswer && isJson(failure.contentType);
  return isCut || isLater(answer.status, failure instanceof Refused ? failure.code : undefined);
};
