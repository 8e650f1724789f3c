/**
 * The client of the HTTP interface. Made by `npm run client` from the OpenAPI document: do not edit. Every command gets
 * an idempotency key of its own and is repeated with it when no answer comes, so that it happens once.
 */
export interface CommandOptions {
  /** Give one to make a repeat after a restart of your own process harmless too. */
  readonly idempotencyKey?: string;
  readonly actor?: string;
  readonly reason?: string;
}

export interface ClientOptions {
  /** For example http://127.0.0.1:8080 */
  readonly base: string;
  readonly key: string;
  /** How often a request without an answer is sent again (default 5). */
  readonly retries?: number;
}

/** A refusal: `code` names it, the members say what is meant. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Readonly<Record<string, unknown>>;
  constructor(problem: Readonly<Record<string, unknown>>) {
    super(String(problem['detail']));
    this.status = Number(problem['status']);
    this.code = String(problem['code']);
    this.problem = problem;
  }
}

interface Sent {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly options?: CommandOptions;
}

const PAUSE_MS = 200;
const AGAIN = new Set([429, 503]);

export type Suanpan = ReturnType<typeof suanpan>;

/** A client of a server. */
export const suanpan = ({ base, key, retries = 5 }: ClientOptions) => {
  const request = async <Answer>(
    method: string,
    path: string,
    { body, query = {}, options = {} }: Sent = {},
  ): Promise<Answer> => {
    const url = new URL(path, base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { authorization: `Bearer ${key}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method === 'POST') headers['idempotency-key'] = options.idempotencyKey ?? crypto.randomUUID();
    if (options.actor !== undefined) headers['x-actor'] = options.actor;
    if (options.reason !== undefined) headers['x-reason'] = options.reason;
    for (let attempt = 0; ; attempt++) {
      const answer = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
        .then(async (response) => ({ response, text: await response.text() }))
        .catch((error: unknown) => {
          if (attempt >= retries) throw error;
          return null;
        });
      if (answer?.response.ok)
        return (
          answer.response.headers.get('content-type')?.includes('json')
            ? JSON.parse(answer.text)
            : answer.text
        ) as Answer;
      if (answer) {
        const problem = JSON.parse(answer.text) as Record<string, unknown>;
        const isOver = !AGAIN.has(answer.response.status) && problem['code'] !== 'idempotency_in_flight';
        if (isOver || attempt >= retries) throw new Refused(problem);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** attempt));
    }
  };
  return {
    /** Open an account. */
    postAccounts: (
      body: { readonly account: string; readonly name?: string | undefined },
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly account: string; readonly name: string }>('POST', `/v1/accounts`, {
        body,
        query,
        options,
      }),
    /** List accounts, in the order of their ids. */
    getAccounts: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly account: string;
          readonly name: string;
          readonly status: 'active' | 'suspended';
          readonly suspensions: readonly { readonly reason: string; readonly since: string }[];
          readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
          readonly services: readonly string[];
        }[];
        readonly next: string | null;
      }>('GET', `/v1/accounts`, { query }),
    /** An account: status, balance, services; also as it was. */
    getAccountsOne: (
      account: string,
      query: {
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
      } = {},
    ) =>
      request<{
        readonly account: string;
        readonly name: string;
        readonly status: 'active' | 'suspended';
        readonly suspensions: readonly { readonly reason: string; readonly since: string }[];
        readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
        readonly services: readonly string[];
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}`, { query }),
    /** Activate a product. */
    postAccountsServices: (
      account: string,
      body: { readonly product: string },
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly product: string; readonly activatedAt: string }>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/services`,
        { body, query, options },
      ),
    /** Prohibit an account. */
    postAccountsSuspensions: (
      account: string,
      body: { readonly reason: 'prohibited'; readonly note?: string | undefined },
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly reason: string; readonly note: string }>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/suspensions`,
        { body, query, options },
      ),
    /** Lift the prohibition. */
    deleteAccountsSuspensionsProhibited: (
      account: string,
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly account: string;
        readonly name: string;
        readonly status: 'active' | 'suspended';
        readonly suspensions: readonly { readonly reason: string; readonly since: string }[];
        readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
        readonly services: readonly string[];
      }>('DELETE', `/v1/accounts/${encodeURIComponent(account)}/suspensions/prohibited`, { query, options }),
    /** Set where notices go. */
    putAccountsContacts: (
      account: string,
      body: {
        readonly email?: string | null | undefined;
        readonly phone?: string | null | undefined;
        readonly wechat?: string | null | undefined;
      },
      options: CommandOptions = {},
    ) =>
      request<{
        readonly email: string | null;
        readonly phone: string | null;
        readonly wechat: string | null;
      }>('PUT', `/v1/accounts/${encodeURIComponent(account)}/contacts`, { body, options }),
    /** Where notices go. */
    getAccountsContacts: (account: string) =>
      request<{
        readonly email: string | null;
        readonly phone: string | null;
        readonly wechat: string | null;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/contacts`),
    /** Deposit funds; a reference counts once. */
    postAccountsDeposits: (
      account: string,
      body: { readonly amount: string; readonly reference: string },
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly amount: string; readonly reference: string }>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/deposits`,
        { body, query, options },
      ),
    /** Grant a credit, perhaps for a pack that is voided. */
    postAccountsCredits: (
      account: string,
      body: {
        readonly amount: string;
        readonly reference: string;
        readonly reason: string;
        readonly pack?: string | null | undefined;
      },
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly amount: string;
        readonly reference: string;
        readonly reason: string;
        readonly pack: string | null;
      }>('POST', `/v1/accounts/${encodeURIComponent(account)}/credits`, { body, query, options }),
    /** Buy packs. */
    postAccountsPacks: (
      account: string,
      body: { readonly pool: string; readonly size: number; readonly quantity?: number | undefined },
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly packs: readonly {
          readonly pack: string;
          readonly pool: string;
          readonly size: number;
          readonly price: string;
          readonly purchasedAt: string;
          readonly expiresAt: string;
        }[];
      }>('POST', `/v1/accounts/${encodeURIComponent(account)}/packs`, { body, query, options }),
    /** Packs, in the order of their purchase; also as they were. */
    getAccountsPacks: (
      account: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
      } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly pack: string;
          readonly pool: string;
          readonly size: number;
          readonly price: string;
          readonly purchasedAt: string;
          readonly expiresAt: string;
          readonly remaining: number;
          readonly forfeited: number;
          readonly state: 'usable' | 'used_up' | 'expired' | 'void';
        }[];
        readonly next: string | null;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/packs`, { query }),
    /** Agree a price for a meter from a month on. */
    postAccountsContractPrices: (
      account: string,
      body: {
        readonly meter: string;
        readonly from: string;
        readonly until?: string | null | undefined;
        readonly ladder: {
          readonly mode: 'volume' | 'graduated';
          readonly tierBy: 'post_paid' | 'post_paid_and_free' | 'metered';
          readonly bounds: 'upper' | 'lower';
          readonly per: 1 | 1000 | 10000;
          readonly tiers: readonly {
            readonly above: number;
            readonly upTo: number | null;
            readonly unitPrice: string | null;
          }[];
        };
      },
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly meter: string;
        readonly from: string;
        readonly until: string | null;
        readonly ladder: {
          readonly mode: 'volume' | 'graduated';
          readonly tierBy: 'post_paid' | 'post_paid_and_free' | 'metered';
          readonly bounds: 'upper' | 'lower';
          readonly per: 1 | 1000 | 10000;
          readonly tiers: readonly {
            readonly above: number;
            readonly upTo: number | null;
            readonly unitPrice: string | null;
          }[];
        };
      }>('POST', `/v1/accounts/${encodeURIComponent(account)}/contract-prices`, { body, query, options }),
    /** Free calls of a month (default: this one) for every pool of the activated products. */
    getAccountsAllowances: (
      account: string,
      query: { month?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly pool: string;
          readonly granted: number;
          readonly used: number;
          readonly left: number;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/allowances`, { query }),
    /** Report usage: one CloudEvent, a batch, or NDJSON of any length (answered in NDJSON). */
    postUsage: (body: unknown, options: CommandOptions = {}) =>
      request<{
        readonly accepted: number;
        readonly duplicates: number;
        readonly conflicts: number;
        readonly refused: number;
        readonly results?:
          | readonly {
              readonly index: number;
              readonly id: string | null;
              readonly outcome: 'duplicate' | 'conflict' | 'refused';
              readonly code?: string | undefined;
            }[]
          | undefined;
      }>('POST', `/v1/usage`, { body, options }),
    /** Correct the calls of a record; a closed month gets a correction line on the next bill. */
    postAccountsCorrections: (
      account: string,
      body: { readonly source: string; readonly id: string; readonly calls: number; readonly reason: string },
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly source: string;
        readonly id: string;
        readonly from: number;
        readonly calls: number;
        readonly reason: string;
      }>('POST', `/v1/accounts/${encodeURIComponent(account)}/corrections`, { body, query, options }),
    /** Usage of a month (default: this one) by day, interface or record. */
    getAccountsUsage: (
      account: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        month?: string | undefined;
        by?: 'day' | 'interface' | 'record' | undefined;
        meter?: string | undefined;
      } = {},
    ) =>
      request<{
        readonly items: readonly (
          | {
              readonly day?: string | undefined;
              readonly interface: string;
              readonly records: number;
              readonly calls: number;
              readonly free: number;
              readonly packs: number;
              readonly postPaid: number;
            }
          | {
              readonly source: string;
              readonly id: string;
              readonly interface: string;
              readonly time: string;
              readonly calls: number;
              readonly submitted?: number | undefined;
              readonly paid: {
                readonly free: number;
                readonly packs: readonly { readonly pack: string; readonly calls: number }[];
                readonly postPaid: number;
              };
              readonly event: number;
            }
        )[];
        readonly next: string | null;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/usage`, { query }),
    /** Whether a call may be made now, and who would pay for it. */
    getAccountsEntitlements: (
      account: string,
      query: { interface: string | undefined; after?: string | undefined },
    ) =>
      request<{
        readonly allowed: boolean;
        readonly payer: 'free' | 'pack' | 'post_paid';
        readonly remaining: { readonly free: number; readonly packs: number };
        readonly reasons: readonly string[];
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/entitlements`, { query }),
    /** Usage that was refused, as it came, oldest first. */
    getAccountsRefusedUsage: (
      account: string,
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly at: string;
          readonly code: string;
          readonly detail: string;
          readonly record: unknown;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/refused-usage`, { query }),
    /** Close a month of an account; again answers with the bill there is. */
    postAccountsMonthsClose: (
      account: string,
      month: string,
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly account: string;
        readonly month: string;
        readonly status: 'issued' | 'draft';
        readonly currency: 'CNY';
        readonly issuedAt: string;
        readonly lines: readonly {
          readonly product: string;
          readonly meter: string;
          readonly name: { readonly zh: string; readonly en: string };
          readonly metered: number;
          readonly free: number;
          readonly packs: number;
          readonly postPaid: number;
          readonly tier: { readonly above: number; readonly upTo: number | null } | null;
          readonly unitPrice: string | null;
          readonly bands?:
            | readonly {
                readonly above: number;
                readonly upTo: number | null;
                readonly quantity: number;
                readonly unitPrice: string | null;
                readonly amount: string;
              }[]
            | undefined;
          readonly exact: string | null;
          readonly voucher: string | null;
          readonly amount: string | null;
          readonly formula: string;
          readonly unpriced?: { readonly code: 'price_not_agreed'; readonly quantity: number } | undefined;
        }[];
        readonly packPurchases: readonly {
          readonly pack: string;
          readonly pool: string;
          readonly size: number;
          readonly price: string;
        }[];
        readonly corrections: readonly {
          readonly month: string;
          readonly product: string;
          readonly meter: string;
          readonly calls: number;
          readonly amount: string;
          readonly reason: string;
        }[];
        readonly credits: readonly { readonly amount: string; readonly reason: string }[];
        readonly due: string | null;
        readonly packsTotal: string;
        readonly total: string | null;
        readonly unfrozen: string;
        readonly frozen: {
          readonly total: string | null;
          readonly byProduct: readonly {
            readonly product: string;
            readonly amount: string;
            readonly basis: string;
          }[];
        };
        readonly priceBooks: readonly {
          readonly product: string;
          readonly edition: string;
          readonly digest: string;
        }[];
        readonly ratingVersion: string;
        readonly events: {
          readonly stream: string;
          readonly from: number;
          readonly to: number;
          readonly head: string;
        };
        readonly digest: string;
      }>('POST', `/v1/accounts/${encodeURIComponent(account)}/months/${encodeURIComponent(month)}/close`, {
        query,
        options,
      }),
    /** Close a month of every account, as a job. */
    postMonthsClose: (month: string, options: CommandOptions = {}) =>
      request<{ readonly job: string }>('POST', `/v1/months/${encodeURIComponent(month)}/close`, { options }),
    /** How a job stands. */
    getJobsOne: (job: string) =>
      request<{
        readonly job: string;
        readonly kind: 'close-month';
        readonly month: string;
        readonly state: 'running' | 'done';
        readonly startedAt: string;
        readonly closed: number;
        readonly refused: readonly {
          readonly account: string;
          readonly code: string;
          readonly detail: string;
        }[];
      }>('GET', `/v1/jobs/${encodeURIComponent(job)}`),
    /** Bills of an account, oldest first. */
    getAccountsBills: (
      account: string,
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly account: string;
          readonly month: string;
          readonly due: string | null;
          readonly total: string | null;
          readonly issuedAt: string;
          readonly digest: string;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/bills`, { query }),
    /** The bill of a month, as issued. */
    getAccountsBillsOne: (account: string, month: string, query: { after?: string | undefined } = {}) =>
      request<{
        readonly account: string;
        readonly month: string;
        readonly status: 'issued' | 'draft';
        readonly currency: 'CNY';
        readonly issuedAt: string;
        readonly lines: readonly {
          readonly product: string;
          readonly meter: string;
          readonly name: { readonly zh: string; readonly en: string };
          readonly metered: number;
          readonly free: number;
          readonly packs: number;
          readonly postPaid: number;
          readonly tier: { readonly above: number; readonly upTo: number | null } | null;
          readonly unitPrice: string | null;
          readonly bands?:
            | readonly {
                readonly above: number;
                readonly upTo: number | null;
                readonly quantity: number;
                readonly unitPrice: string | null;
                readonly amount: string;
              }[]
            | undefined;
          readonly exact: string | null;
          readonly voucher: string | null;
          readonly amount: string | null;
          readonly formula: string;
          readonly unpriced?: { readonly code: 'price_not_agreed'; readonly quantity: number } | undefined;
        }[];
        readonly packPurchases: readonly {
          readonly pack: string;
          readonly pool: string;
          readonly size: number;
          readonly price: string;
        }[];
        readonly corrections: readonly {
          readonly month: string;
          readonly product: string;
          readonly meter: string;
          readonly calls: number;
          readonly amount: string;
          readonly reason: string;
        }[];
        readonly credits: readonly { readonly amount: string; readonly reason: string }[];
        readonly due: string | null;
        readonly packsTotal: string;
        readonly total: string | null;
        readonly unfrozen: string;
        readonly frozen: {
          readonly total: string | null;
          readonly byProduct: readonly {
            readonly product: string;
            readonly amount: string;
            readonly basis: string;
          }[];
        };
        readonly priceBooks: readonly {
          readonly product: string;
          readonly edition: string;
          readonly digest: string;
        }[];
        readonly ratingVersion: string;
        readonly events: {
          readonly stream: string;
          readonly from: number;
          readonly to: number;
          readonly head: string;
        };
        readonly digest: string;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}`, { query }),
    /** What a month (default: this one) would come to now; what has no price is null, with its reason. */
    getAccountsEstimate: (
      account: string,
      query: { month?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly account: string;
        readonly month: string;
        readonly status: 'issued' | 'draft';
        readonly currency: 'CNY';
        readonly issuedAt: string;
        readonly lines: readonly {
          readonly product: string;
          readonly meter: string;
          readonly name: { readonly zh: string; readonly en: string };
          readonly metered: number;
          readonly free: number;
          readonly packs: number;
          readonly postPaid: number;
          readonly tier: { readonly above: number; readonly upTo: number | null } | null;
          readonly unitPrice: string | null;
          readonly bands?:
            | readonly {
                readonly above: number;
                readonly upTo: number | null;
                readonly quantity: number;
                readonly unitPrice: string | null;
                readonly amount: string;
              }[]
            | undefined;
          readonly exact: string | null;
          readonly voucher: string | null;
          readonly amount: string | null;
          readonly formula: string;
          readonly unpriced?: { readonly code: 'price_not_agreed'; readonly quantity: number } | undefined;
        }[];
        readonly packPurchases: readonly {
          readonly pack: string;
          readonly pool: string;
          readonly size: number;
          readonly price: string;
        }[];
        readonly corrections: readonly {
          readonly month: string;
          readonly product: string;
          readonly meter: string;
          readonly calls: number;
          readonly amount: string;
          readonly reason: string;
        }[];
        readonly credits: readonly { readonly amount: string; readonly reason: string }[];
        readonly due: string | null;
        readonly packsTotal: string;
        readonly total: string | null;
        readonly unfrozen: string;
        readonly frozen: {
          readonly total: string | null;
          readonly byProduct: readonly {
            readonly product: string;
            readonly amount: string;
            readonly basis: string;
          }[];
        };
        readonly priceBooks: readonly {
          readonly product: string;
          readonly edition: string;
          readonly digest: string;
        }[];
        readonly ratingVersion: string;
        readonly events: {
          readonly stream: string;
          readonly from: number;
          readonly to: number;
          readonly head: string;
        };
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/estimate`, { query }),
    /** Decide a bill again from its facts, and compare. */
    getAccountsBillsReplay: (account: string, month: string) =>
      request<{
        readonly match: boolean;
        readonly issued: string;
        readonly replayed: string;
        readonly differences: readonly {
          readonly event: { readonly stream: string; readonly revision: number };
          readonly path: string;
          readonly recorded: unknown;
          readonly replayed: unknown;
        }[];
        readonly events: number;
        readonly records: number;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}/replay`),
    /** What made each line: formula, packs that paid, usage by day, facts. */
    getAccountsBillsExplain: (account: string, month: string, query: { meter?: string | undefined } = {}) =>
      request<{ readonly account: string; readonly month: string }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}/explain`,
        { query },
      ),
    /** The facts of an account with their seals, oldest first. */
    getAccountsEvents: (
      account: string,
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly position: string;
          readonly stream: string;
          readonly revision: number;
          readonly type: string;
          readonly at: string;
          readonly recordedAt: string;
          readonly data: { readonly [name: string]: unknown };
          readonly hash: string;
          readonly previous: string;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/events`, { query }),
    /** What the account holder was told, oldest first. */
    getAccountsNotices: (
      account: string,
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly id: string;
          readonly kind: string;
          readonly channels: readonly string[];
          readonly about: { readonly [name: string]: unknown };
          readonly at: string;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/notices`, { query }),
    /** Facts as they come, as server-sent events; Last-Event-ID goes on behind a position. */
    getStream: (
      query: { account?: string | undefined; types?: string | undefined; from?: string | undefined } = {},
    ) => request<string>('GET', `/v1/stream`, { query }),
    /** Publish an edition. */
    putPriceBooksOne: (
      product: string,
      edition: string,
      body: { readonly [name: string]: unknown },
      query: { dryRun?: 'true' | 'false' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly product: string;
        readonly edition: string;
        readonly effectiveFrom: string;
        readonly digest: string;
      }>('PUT', `/v1/price-books/${encodeURIComponent(product)}/${encodeURIComponent(edition)}`, {
        body,
        query,
        options,
      }),
    /** A book as published. */
    getPriceBooksOne: (product: string, edition: string) =>
      request<{ readonly [name: string]: unknown }>(
        'GET',
        `/v1/price-books/${encodeURIComponent(product)}/${encodeURIComponent(edition)}`,
      ),
    /** Published editions, in the order of their publication. */
    getPriceBooks: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly product: string;
          readonly edition: string;
          readonly effectiveFrom: string;
          readonly digest: string;
          readonly name: { readonly zh: string; readonly en: string };
        }[];
        readonly next: string | null;
      }>('GET', `/v1/price-books`, { query }),
    /** Check a book: what keeps it from being published, and where one more call lowers the bill. */
    postPriceBooksLint: (body: { readonly [name: string]: unknown }, options: CommandOptions = {}) =>
      request<{
        readonly problems: readonly { readonly path: string; readonly message: string }[];
        readonly warnings: readonly {
          readonly meter: string;
          readonly at: number;
          readonly costs: string;
          readonly next: string;
        }[];
      }>('POST', `/v1/price-books/lint`, { body, options }),
    /** Create a key; its secret is shown this once. */
    postKeys: (
      body: {
        readonly name: string;
        readonly scopes: readonly ('admin' | 'operate' | 'meter' | 'read')[];
        readonly accounts?: readonly string[] | null | undefined;
        readonly expiresAt?: string | null | undefined;
      },
      options: CommandOptions = {},
    ) =>
      request<{
        readonly key: string;
        readonly name: string;
        readonly prefix: string;
        readonly scopes: readonly ('admin' | 'operate' | 'meter' | 'read')[];
        readonly accounts: readonly string[] | null;
        readonly createdAt: string;
        readonly expiresAt: string | null;
        readonly revokedAt: string | null;
        readonly lastUsedAt: string | null;
        readonly secret: string;
      }>('POST', `/v1/keys`, { body, options }),
    /** Keys there are and were, without their secrets. */
    getKeys: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly key: string;
          readonly name: string;
          readonly prefix: string;
          readonly scopes: readonly ('admin' | 'operate' | 'meter' | 'read')[];
          readonly accounts: readonly string[] | null;
          readonly createdAt: string;
          readonly expiresAt: string | null;
          readonly revokedAt: string | null;
          readonly lastUsedAt: string | null;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/keys`, { query }),
    /** Revoke a key at once. */
    deleteKeysOne: (key: string, options: CommandOptions = {}) =>
      request<{
        readonly key: string;
        readonly name: string;
        readonly prefix: string;
        readonly scopes: readonly ('admin' | 'operate' | 'meter' | 'read')[];
        readonly accounts: readonly string[] | null;
        readonly createdAt: string;
        readonly expiresAt: string | null;
        readonly revokedAt: string | null;
        readonly lastUsedAt: string | null;
      }>('DELETE', `/v1/keys/${encodeURIComponent(key)}`, { options }),
    /** Make a key that replaces this one; the old one is good for some time more. */
    postKeysRotation: (
      key: string,
      body: { readonly overlapSeconds?: number | undefined },
      options: CommandOptions = {},
    ) =>
      request<{
        readonly key: string;
        readonly name: string;
        readonly prefix: string;
        readonly scopes: readonly ('admin' | 'operate' | 'meter' | 'read')[];
        readonly accounts: readonly string[] | null;
        readonly createdAt: string;
        readonly expiresAt: string | null;
        readonly revokedAt: string | null;
        readonly lastUsedAt: string | null;
        readonly secret: string;
      }>('POST', `/v1/keys/${encodeURIComponent(key)}/rotation`, { body, options }),
    /** Add a webhook (Standard Webhooks); its signing secret is shown this once. */
    postWebhooks: (
      body: {
        readonly url: string;
        readonly types?:
          | readonly (
              | '*'
              | 'notice.*'
              | 'account.opened'
              | 'service.activated'
              | 'funds.deposited'
              | 'credit.granted'
              | 'pack.purchased'
              | 'pack.expired'
              | 'pack.voided'
              | 'usage.corrected'
              | 'bill.issued'
              | 'freeze.failed'
              | 'account.suspended'
              | 'account.resumed'
              | 'notice.pack_low'
              | 'notice.pack_exhausted'
              | 'notice.pack_expiring'
              | 'notice.bill_issued'
              | 'notice.freeze_failed'
              | 'notice.suspended'
              | 'notice.resumed'
              | 'notice.price_not_agreed'
            )[]
          | undefined;
        readonly accounts?: readonly string[] | null | undefined;
      },
      options: CommandOptions = {},
    ) =>
      request<{
        readonly webhook: string;
        readonly url: string;
        readonly types: readonly string[];
        readonly accounts: readonly string[] | null;
        readonly secret: string;
      }>('POST', `/v1/webhooks`, { body, options }),
    /** Webhooks there are, without their secrets. */
    getWebhooks: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly webhook: string;
          readonly url: string;
          readonly types: readonly string[];
          readonly accounts: readonly string[] | null;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/webhooks`, { query }),
    /** Remove a webhook. */
    deleteWebhooksOne: (webhook: string, options: CommandOptions = {}) =>
      request<{ readonly webhook: string }>('DELETE', `/v1/webhooks/${encodeURIComponent(webhook)}`, {
        options,
      }),
    /** Deliveries that were given up. */
    getDeliveriesDead: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly delivery: string;
          readonly attempts: number;
          readonly error: string | null;
          readonly at: string;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/deliveries/dead`, { query }),
    /** Try a dead delivery again. */
    postDeliveriesResend: (body: { readonly delivery: string }, options: CommandOptions = {}) =>
      request<{ readonly delivery: string }>('POST', `/v1/deliveries/resend`, { body, options }),
    /** Set the test clock; answers when everything due until then has happened. */
    putClock: (body: { readonly now: string }, options: CommandOptions = {}) =>
      request<{ readonly now: string }>('PUT', `/v1/clock`, { body, options }),
    /** What time it is for the ledger. */
    getClock: () => request<{ readonly now: string; readonly kind: 'system' | 'test' }>('GET', `/v1/clock`),
  };
};
