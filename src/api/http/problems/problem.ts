/** Maps refusals to HTTP problems (RFC 9457); the only place where a code gets its status. */
import type { Refusal } from '../../../domain/refusals.ts';

const STATUS = {
  invalid_request: 400,
  idempotency_key_missing: 400,
  key_missing: 401,
  key_invalid: 401,
  insufficient_funds: 402,
  scope_missing: 403,
  account_forbidden: 403,
  account_unknown: 404,
  service_unknown: 404,
  interface_unknown: 404,
  pool_unknown: 404,
  pack_not_sold: 404,
  pack_unknown: 404,
  meter_unknown: 404,
  record_unknown: 404,
  bill_unknown: 404,
  dispute_unknown: 404,
  book_unknown: 404,
  job_unknown: 404,
  key_unknown: 404,
  webhook_unknown: 404,
  checkpoint_unknown: 404,
  signing_key_unknown: 404,
  delivery_unknown: 404,
  route_unknown: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  account_exists: 409,
  not_activated: 409,
  month_not_over: 409,
  month_out_of_order: 409,
  price_not_agreed: 409,
  edition_published: 409,
  edition_too_late: 409,
  reference_used: 409,
  dispute_resolved: 409,
  out_of_order: 409,
  contract_limit_reached: 409,
  pack_not_usable: 409,
  pack_not_returnable: 409,
  idempotency_in_flight: 409,
  clock_not_settable: 409,
  body_too_large: 413,
  append_too_large: 422,
  media_type_unsupported: 415,
  expectation_failed: 417,
  book_malformed: 422,
  ladder_malformed: 422,
  quantity_too_large: 422,
  idempotency_key_reused: 422,
  rate_limited: 429,
  headers_too_large: 431,
  internal: 500,
  fact_unwritable: 500,
  stream_unreadable: 500,
  price_book_unreadable: 500,
  clock_behind: 503,
  ledger_restored: 503,
  catch_up_needed: 503,
  overloaded: 503,
  secret_unreadable: 503,
  checkpoint_file_unwritable: 503,
  store_damaged: 503,
  store_unavailable: 503,
  view_behind: 503,
} as const;

export type ProblemCode = keyof typeof STATUS;

/** Codes of transient refusals, and after how many seconds a retry is useful. */
const RETRY_AFTER: { readonly [Code in ProblemCode]?: number } = {
  idempotency_in_flight: 1,
  rate_limited: 1,
  overloaded: 1,
  store_unavailable: 1,
  view_behind: 1,
  ledger_restored: 1,
  clock_behind: 5,
  catch_up_needed: 5,
};
export const PROBLEM_CODES = Object.keys(STATUS) as readonly ProblemCode[];

export type Members = Readonly<Record<string, string | number | null>>;

/** A refusal as a response; a transient one has `Retry-After`. */
export class ApiProblem extends Error {
  readonly code: ProblemCode;
  readonly members: Members;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: ProblemCode,
    detail: string,
    members: Members = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.code = code;
    this.members = members;
    const seconds = RETRY_AFTER[code];
    this.headers = seconds === undefined ? headers : { 'Retry-After': String(seconds), ...headers };
  }
}

export const statusOf = (code: ProblemCode): number => STATUS[code];

/** Throws the ledger's refusal. */
export const throwRefusal = (refusal: Refusal): never => {
  throw problemOfRefusal(refusal);
};

/** A refusal of the ledger as a problem. */
export const problemOfRefusal = ({ code, detail, members }: Refusal): ApiProblem =>
  new ApiProblem(code, detail, members);

/** The JSON of a problem. `type` is stable and can be looked up in docs/refusals.md. */
export const problemJson = ({ code, message, members }: ApiProblem) => ({
  type: `urn:suanpan:problem:${code}`,
  title: code.replaceAll('_', ' '),
  status: STATUS[code],
  detail: message,
  code,
  ...members,
});
