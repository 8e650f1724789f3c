/**
 * The client of the HTTP interface. Made by `npm run client` from the OpenAPI document: do not edit. What a call goes
 * through (deadline, repeats with one idempotency key, events without an end) is in runtime.ts.
 */
import { type CallOptions, type ClientOptions, type CommandOptions, openCaller } from './runtime.ts';

// biome-ignore lint/performance/noBarrelFile: what a caller of the client needs comes from one module.
export { NoAnswer, Refused, UnexpectedAnswer } from './answers.ts';
export type { LedgerEvent } from './follow.ts';
export type { CallOptions, ClientOptions, CommandOptions } from './runtime.ts';

export type Suanpan = ReturnType<typeof suanpan>;
export type Account = {
  readonly account: string;
  readonly name: string;
  readonly openedAt: string;
  readonly status: 'active' | 'suspended';
  readonly suspensions: readonly { readonly reason: string; readonly since: string }[];
  readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
  readonly services: readonly string[];
  readonly postPaidOff?: readonly string[] | undefined;
};
export type AccountOpenedPayload = {
  readonly type: 'account.opened';
  readonly timestamp: string;
  readonly data: { readonly account: string; readonly event: number; readonly rules?: number | undefined };
};
export type AccountResumedPayload = {
  readonly type: 'account.resumed';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly reason: 'arrears' | 'freeze_failed' | 'prohibited';
  };
};
export type AccountSuspendedPayload = {
  readonly type: 'account.suspended';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly reason: 'arrears' | 'freeze_failed' | 'prohibited';
    readonly note: string;
  };
};
export type Allowance = {
  readonly pool: string;
  readonly granted: number;
  readonly used: number;
  readonly left: number;
  readonly day?: string | undefined;
  readonly unit?: Unit | undefined;
};
export type Balances = {
  readonly accounts: number;
  readonly held: string;
  readonly owed: string;
  readonly frozen: string;
  readonly inArrears: number;
  readonly suspended: number;
};
/** An issued bill. */
export type Bill = {
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
    readonly waived?: number | undefined;
    readonly unit?: { readonly zh: string; readonly en: string } | undefined;
    readonly tier: { readonly above: number; readonly upTo: number | null } | null;
    readonly unitPrice: string | null;
    readonly discount?: string | undefined;
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
  readonly packReturns?:
    | readonly {
        readonly pack: string;
        readonly pool: string;
        readonly size: number;
        readonly price: string;
      }[]
    | undefined;
  readonly corrections: readonly {
    readonly month: string;
    readonly product: string;
    readonly meter: string;
    readonly calls: number;
    readonly amount: string;
    readonly reason: string;
  }[];
  readonly credits: readonly { readonly amount: string; readonly reason: string }[];
  readonly disputes?:
    | readonly {
        readonly dispute: string;
        readonly month: string;
        readonly meter: string | null;
        readonly reason: string;
        readonly openedAt: string;
        readonly state: 'open' | 'upheld' | 'adjusted';
        readonly resolvedAt: string | null;
        readonly note: string | null;
        readonly credit: string | null;
      }[]
    | undefined;
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
};
export type BillInShort = {
  readonly account: string;
  readonly month: string;
  readonly due: string | null;
  readonly total: string | null;
  readonly issuedAt: string;
  readonly digest: string;
  readonly corrects: readonly string[];
};
export type BillIssuedPayload = {
  readonly type: 'bill.issued';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly month: string;
    readonly due: string;
    readonly total: string;
    readonly packsTotal: string;
    readonly issuedAt: string;
    readonly digest: string;
    readonly bill: string;
  };
};
export type BlockedClose = {
  readonly account: string;
  readonly month: string;
  readonly code: string;
  readonly detail: string;
  readonly since: string;
  readonly unpriced: { readonly month: string; readonly meter: string; readonly quantity: number } | null;
};
export type BoughtPack = {
  readonly pack: string;
  readonly pool: string;
  readonly size: number;
  readonly price: string;
  readonly purchasedAt: string;
  readonly expiresAt: string;
};
export type Checkpoint = {
  readonly size: number;
  readonly root: string;
  readonly key: string;
  readonly note: string;
  readonly signedAt: string | null;
};
export type CheckpointSignedPayload = {
  readonly type: 'checkpoint.signed';
  readonly timestamp: string;
  readonly data: {
    readonly size: number;
    readonly root: string;
    readonly key: string;
    readonly note: string;
  };
};
/** Of a dry run: the result of the job if it ran now */
export type ClosePreview = {
  readonly closed: number;
  readonly closedBefore: number;
  readonly refused: number;
  readonly refusedByCode: { readonly [name: string]: number };
  readonly refusals: readonly { readonly account: string; readonly code: string; readonly detail: string }[];
  readonly due: string;
  readonly total: string;
  readonly isWhole: boolean;
};
export type Contacts = {
  readonly email: string | null;
  readonly phone: string | null;
  readonly wechat: string | null;
};
export type ContractLadder = {
  readonly mode: 'volume' | 'graduated';
  readonly tierBy: 'post_paid' | 'post_paid_and_free' | 'metered';
  readonly bounds: 'upper' | 'lower';
  readonly per: number;
  readonly tiers: readonly {
    readonly above: number;
    readonly upTo: number | null;
    readonly unitPrice: string | null;
  }[];
};
export type ContractPrice = {
  readonly meter: string;
  readonly from: string;
  readonly until: string | null;
  readonly ladder?: Ladder | undefined;
  readonly discount?: string | undefined;
};
export type CreditGrantedPayload = {
  readonly type: 'credit.granted';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly amount: string;
    readonly reference: string;
    readonly reason: string;
    readonly pack: string | null;
  };
};
export type DayBalance = {
  readonly day: string;
  readonly total: string;
  readonly available: string;
  readonly frozen: string;
};
export type DeadDelivery = {
  readonly delivery: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly at: string;
};
export type Deduction = {
  readonly kind: 'usage' | 'correction' | 'expiry' | 'void' | 'return';
  readonly at: string;
  readonly before: number;
  readonly deducted: number;
  readonly givenBack: number;
  readonly voided: number;
  readonly after: number;
  readonly forfeited: number;
  readonly record: {
    readonly source: string;
    readonly id: string;
    readonly interface: string;
    readonly meter: string | null;
    readonly time: string;
    readonly day: string;
    readonly index: number | null;
  } | null;
  readonly reason: string | null;
  readonly event: number;
};
export type Dispute = {
  readonly dispute: string;
  readonly account: string;
  readonly month: string;
  readonly meter: string | null;
  readonly reason: string;
  readonly state: 'open' | 'upheld' | 'adjusted';
  readonly opened: { readonly at: string; readonly revision: number; readonly by: string | null };
  readonly evidence: readonly {
    readonly at: string;
    readonly revision: number;
    readonly replay: {
      readonly match: boolean;
      readonly issued: string;
      readonly replayed: string;
      readonly differences: number;
    };
    readonly explanation: string;
    readonly checkpoint: { readonly size: number; readonly root: string } | null;
  }[];
  readonly resolved: {
    readonly at: string;
    readonly revision: number;
    readonly by: string | null;
    readonly note: string;
    readonly credit: string | null;
    readonly corrections: readonly { readonly source: string; readonly id: string }[];
  } | null;
  readonly links: {
    readonly bill: string;
    readonly replay: string;
    readonly explain: string;
    readonly bundle: string;
  };
};
export type DisputeOpenedPayload = {
  readonly type: 'dispute.opened';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly dispute: string;
    readonly month: string;
    readonly meter: string | null;
    readonly reason: string;
    readonly by: string | null;
  };
};
export type DisputeResolvedPayload = {
  readonly type: 'dispute.resolved';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly dispute: string;
    readonly outcome: 'upheld' | 'adjusted';
    readonly note: string;
    readonly by: string | null;
    readonly credit: string | null;
    readonly corrections: readonly { readonly source: string; readonly id: string }[];
  };
};
/** A bill as it would be now. */
export type Draft = {
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
    readonly waived?: number | undefined;
    readonly unit?: { readonly zh: string; readonly en: string } | undefined;
    readonly tier: { readonly above: number; readonly upTo: number | null } | null;
    readonly unitPrice: string | null;
    readonly discount?: string | undefined;
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
  readonly packReturns?:
    | readonly {
        readonly pack: string;
        readonly pool: string;
        readonly size: number;
        readonly price: string;
      }[]
    | undefined;
  readonly corrections: readonly {
    readonly month: string;
    readonly product: string;
    readonly meter: string;
    readonly calls: number;
    readonly amount: string | null;
    readonly reason: string;
    readonly unpriced?: { readonly code: 'price_not_agreed'; readonly quantity: number } | undefined;
  }[];
  readonly credits: readonly { readonly amount: string; readonly reason: string }[];
  readonly disputes?:
    | readonly {
        readonly dispute: string;
        readonly month: string;
        readonly meter: string | null;
        readonly reason: string;
        readonly openedAt: string;
        readonly state: 'open' | 'upheld' | 'adjusted';
        readonly resolvedAt: string | null;
        readonly note: string | null;
        readonly credit: string | null;
      }[]
    | undefined;
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
};
export type Edition = {
  readonly product: string;
  readonly edition: string;
  readonly effectiveFrom: string;
  readonly digest: string;
};
export type Entitlement = {
  readonly allowed: boolean;
  readonly payer?: ('free' | 'pack' | 'post_paid') | null | undefined;
  readonly remaining?: { readonly free: number; readonly packs: number } | undefined;
  readonly measures?:
    | readonly {
        readonly measure: string;
        readonly payer: ('free' | 'pack' | 'post_paid') | null;
        readonly remaining: { readonly free: number; readonly packs: number };
      }[]
    | undefined;
  readonly reasons: readonly string[];
};
export type ExplainedRecord = {
  readonly kind: 'record' | 'correction';
  readonly source: string;
  readonly id: string;
  readonly interface: string;
  readonly meter: string | null;
  readonly pool: string | null;
  readonly time: string;
  readonly day: string;
  readonly calls: number;
  readonly submitted?: number | undefined;
  readonly reason?: string | undefined;
  readonly class?:
    | {
        readonly id: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly why: string;
      }
    | undefined;
  readonly parts?:
    | readonly {
        readonly measure: string;
        readonly quantity: number;
        readonly meter: string | null;
        readonly pool: string | null;
        readonly weight: number;
        readonly paid: {
          readonly free: number;
          readonly packs: readonly { readonly pack: string; readonly calls: number }[];
          readonly postPaid: number;
          readonly waived?: number | undefined;
        };
      }[]
    | undefined;
  readonly paid: {
    readonly free: number;
    readonly packs: readonly { readonly pack: string; readonly calls: number }[];
    readonly postPaid: number;
    readonly waived?: number | undefined;
  };
  readonly event: number;
  readonly index: number;
};
export type Explanation = {
  readonly account: string;
  readonly month: string;
  readonly due: string | null;
  readonly total: string | null;
  readonly totals: {
    readonly due: {
      readonly amount: string | null;
      readonly formula: string;
      readonly events: readonly number[];
    };
    readonly packs: {
      readonly amount: string | null;
      readonly formula: string;
      readonly events: readonly number[];
    };
    readonly total: {
      readonly amount: string | null;
      readonly formula: string;
      readonly events: readonly number[];
    };
    readonly unfrozen: {
      readonly amount: string | null;
      readonly formula: string;
      readonly events: readonly number[];
    };
    readonly frozen: {
      readonly amount: string | null;
      readonly formula: string;
      readonly events: readonly number[];
      readonly outcome: 'frozen' | 'failed' | 'nothing';
      readonly byProduct: readonly {
        readonly product: string;
        readonly amount: string;
        readonly basis: string;
        readonly policy: {
          readonly rate: string;
          readonly of: 'list' | 'bill';
          readonly onFailure: 'suspend' | 'notify';
        };
        readonly meters: readonly { readonly meter: string; readonly cost: string }[];
      }[];
    };
  };
  readonly lines: readonly {
    readonly product: string;
    readonly meter: string;
    readonly formula: string;
    readonly amount: string | null;
    readonly quantities: {
      readonly metered: number;
      readonly free: number;
      readonly packs: number;
      readonly postPaid: number;
      readonly waived?: number | undefined;
    };
    readonly why: string;
    readonly tier: {
      readonly ladder: Ladder;
      readonly quantity: number;
      readonly formed: string;
      readonly price:
        | { readonly of: 'list' }
        | {
            readonly of: 'contract';
            readonly from: string;
            readonly until: string | null;
            readonly event: number | null;
            readonly discount?: string | undefined;
          };
      readonly edition: {
        readonly product: string;
        readonly edition: string;
        readonly effectiveFrom: string;
        readonly digest: string;
      };
      readonly freeUntil: string | null;
      readonly voucher: { readonly calls: number; readonly amount: string } | null;
      readonly reached: string;
      readonly because: readonly string[];
    };
    readonly packs: readonly { readonly pack: string; readonly calls: number }[];
    readonly held: readonly {
      readonly pack: string;
      readonly pool: string;
      readonly size: number;
      readonly edition: string;
      readonly purchasedAt: string;
      readonly expiresAt: string;
      readonly left: number;
      readonly paid: number;
      readonly place: number | null;
      readonly reason:
        | 'paid'
        | 'other_pool'
        | 'bought_after'
        | 'expired_before'
        | 'void'
        | 'returned'
        | 'used_up_before'
        | 'not_needed'
        | 'not_in_its_time'
        | 'too_little_left';
      readonly why: string;
      readonly events: readonly number[];
    }[];
    readonly heldMore?: number | undefined;
    readonly pools: readonly {
      readonly pool: string | null;
      readonly free: number;
      readonly packs: number;
      readonly postPaid: number;
      readonly waived?: number | undefined;
    }[];
    readonly days: readonly {
      readonly day: string;
      readonly pool: string | null;
      readonly interface: string;
      readonly measure?: string | undefined;
      readonly records: number;
      readonly calls: number;
      readonly free: number;
      readonly packs: number;
      readonly postPaid: number;
      readonly waived?: number | undefined;
      readonly events: readonly number[];
      readonly links: { readonly records: string };
    }[];
    readonly events: readonly number[];
    readonly links: {
      readonly records: string;
      readonly payers: string;
      readonly priceBook: string;
      readonly packs: string;
    };
  }[];
  readonly corrections: readonly {
    readonly month: string;
    readonly product: string;
    readonly meter: string;
    readonly calls: number;
    readonly amount: string;
    readonly reason: string;
    readonly billed: { readonly calls: number; readonly amount: string };
    readonly now: { readonly calls: number; readonly amount: string };
    readonly facts: readonly {
      readonly event: number;
      readonly what: 'late_usage' | 'correction' | 'contract';
      readonly calls: number;
      readonly says: string;
    }[];
    readonly editions: { readonly before: string; readonly now: string } | null;
    readonly why: readonly string[];
  }[];
  readonly priceBooks: readonly {
    readonly product: string;
    readonly edition: string;
    readonly digest: string;
    readonly links: { readonly self: string };
  }[];
  readonly stream: string;
  readonly events: {
    readonly from: number;
    readonly to: number;
    readonly usage: number;
    readonly closed: number;
  };
  readonly links: {
    readonly bill: string;
    readonly replay: string;
    readonly records: string;
    readonly payers: string;
    readonly packs: string;
    readonly event: string;
    readonly fact: string;
  };
};
export type FinanceMonth = {
  readonly month: string;
  readonly isOver: boolean;
  readonly accounts: { readonly billed: number; readonly unbilled: number; readonly blocked: number };
  readonly due: string;
  readonly postPaid: string;
  readonly corrections: string;
  readonly packs: { readonly sold: number; readonly amount: string };
  readonly credits: { readonly given: number; readonly amount: string };
  readonly products: readonly {
    readonly product: string;
    readonly postPaid: string;
    readonly corrections: string;
    readonly packs: { readonly sold: number; readonly amount: string };
  }[];
};
export type FinanceShare = { readonly account: string; readonly amount: string; readonly count: number };
export type FreezeFailedPayload = {
  readonly type: 'freeze.failed';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly month: string;
    readonly amount: string;
    readonly available: string;
    readonly suspends: boolean;
  };
};
export type FundsDepositedPayload = {
  readonly type: 'funds.deposited';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly amount: string;
    readonly reference: string;
  };
};
export type Inbox = {
  readonly isClear: boolean;
  readonly month: string;
  readonly months: readonly {
    readonly month: string;
    readonly accounts: number;
    readonly closesAt: string | null;
    readonly isDue: boolean;
  }[];
  readonly waiting: readonly { readonly code: string; readonly accounts: number }[];
  readonly accounts: {
    readonly needing: number;
    readonly inArrears: number;
    readonly suspended: number;
    readonly freezesFailed: number;
  };
  readonly deadLetters: number;
  readonly refused: {
    readonly since: string;
    readonly reports: number;
    readonly groups: readonly RefusedGroup[];
    readonly others: number;
  };
  readonly quarantined: number;
  readonly lag: { readonly seconds: number; readonly isLate: boolean };
  readonly checkpoint: { readonly signedAt: string | null; readonly isOld: boolean };
  readonly backup: { readonly madeAt: string | null; readonly isOld: boolean } | null;
};
export type Job = {
  readonly job: string;
  readonly kind: 'close-month';
  readonly month: string;
  readonly state: 'running' | 'done';
  readonly startedAt: string;
  readonly closed: number;
  readonly refused: readonly { readonly account: string; readonly code: string; readonly detail: string }[];
};
export type Key = {
  readonly key: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly ('admin' | 'operate' | 'meter' | 'read')[];
  readonly accounts: readonly string[] | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
};
export type Ladder = {
  readonly mode: 'volume' | 'graduated';
  readonly tierBy: 'post_paid' | 'post_paid_and_free' | 'metered';
  readonly bounds: 'upper' | 'lower';
  readonly per: number;
  readonly tiers: readonly {
    readonly above: number;
    readonly upTo: number | null;
    readonly unitPrice: string | null;
  }[];
};
export type Limits = {
  readonly spend: string | null;
  readonly notifyAt: readonly string[];
  readonly lowBalance: string | null;
  readonly month: string;
  readonly spent: string;
  readonly reached: readonly string[];
  readonly available: string;
};
export type NeededAccount = {
  readonly account: string;
  readonly total: string;
  readonly frozen: string;
  readonly arrears: { readonly since: string; readonly suspendsAt: string | null } | null;
  readonly suspensions: readonly { readonly reason: string; readonly since: string; readonly note: string }[];
  readonly freeze: {
    readonly month: string;
    readonly amount: string;
    readonly available: string;
    readonly since: string;
  } | null;
};
export type Notice = {
  readonly id: string;
  readonly kind: string;
  readonly channels: readonly string[];
  readonly about: { readonly [name: string]: string | number };
  readonly at: string;
};
export type NoticeBalanceLowPayload = {
  readonly type: 'notice.balance_low';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type NoticeBillIssuedPayload = {
  readonly type: 'notice.bill_issued';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type NoticeFreezeFailedPayload = {
  readonly type: 'notice.freeze_failed';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type NoticePackExhaustedPayload = {
  readonly type: 'notice.pack_exhausted';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type NoticePackExpiringPayload = {
  readonly type: 'notice.pack_expiring';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type NoticePackLowPayload = {
  readonly type: 'notice.pack_low';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type NoticePriceNotAgreedPayload = {
  readonly type: 'notice.price_not_agreed';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type NoticeResumedPayload = {
  readonly type: 'notice.resumed';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type NoticeSpendReachedPayload = {
  readonly type: 'notice.spend_reached';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type NoticeSuspendedPayload = {
  readonly type: 'notice.suspended';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly id: string;
    readonly kind: string;
    readonly channels: readonly string[];
    readonly about: { readonly [name: string]: string | number };
    readonly contacts: {
      readonly email: string | null;
      readonly phone: string | null;
      readonly wechat: string | null;
    } | null;
  };
};
export type Overview = {
  readonly today: string;
  readonly accounts: number;
  readonly money: { readonly held: string; readonly owed: string; readonly frozen: string };
  readonly intake: readonly {
    readonly day: string;
    readonly accepted: number;
    readonly calls: number | string;
    readonly corrections: number;
    readonly packsSold: number;
    readonly packRevenue: string;
    readonly refused: number;
    readonly codes: readonly { readonly code: string; readonly reports: number }[];
  }[];
  readonly server: {
    readonly since: string;
    readonly accepted: number;
    readonly duplicates: number;
    readonly conflicts: number;
    readonly refused: number;
  };
  readonly months: { readonly current: string; readonly before: string };
  readonly products: readonly {
    readonly product: string;
    readonly current: {
      readonly calls: number | string;
      readonly amount: string;
      readonly unpriced: number;
      readonly days: readonly {
        readonly calls: number | string;
        readonly amount: string;
        readonly day: string;
      }[];
    };
    readonly before: {
      readonly calls: number | string;
      readonly amount: string;
      readonly whole: { readonly calls: number | string; readonly amount: string };
      readonly days: readonly {
        readonly calls: number | string;
        readonly amount: string;
        readonly day: string;
      }[];
    };
  }[];
  readonly packs: {
    readonly pools: readonly {
      readonly pool: string;
      readonly packs: number;
      readonly untouched: number;
      readonly calls: number | string;
    }[];
    readonly expiring: readonly {
      readonly day: string;
      readonly packs: number;
      readonly calls: number | string;
    }[];
  };
};
export type Pack = {
  readonly pack: string;
  readonly pool: string;
  readonly size: number;
  readonly price: string;
  readonly purchasedAt: string;
  readonly expiresAt: string;
  readonly remaining: number;
  readonly forfeited: number;
  readonly state: 'usable' | 'used_up' | 'expired' | 'void' | 'returned';
  readonly granted?: true | undefined;
  readonly returnedAt?: string | undefined;
  readonly returnableUntil?: string | undefined;
};
export type PackDay = {
  readonly day: string;
  readonly deducted: number;
  readonly givenBack: number;
  readonly voided: number;
  readonly after: number;
};
export type PackExpiredPayload = {
  readonly type: 'pack.expired';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly pack: string;
    readonly forfeited: number;
  };
};
export type PackGrantedPayload = {
  readonly type: 'pack.granted';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly product: string;
    readonly edition: string;
    readonly pool: string;
    readonly size: number;
    readonly pack: string;
    readonly expiresAt: string;
  };
};
export type PackHolding = {
  readonly account: string;
  readonly product: string;
  readonly packs: number;
  readonly paid: string;
  readonly sold: number | string;
  readonly used: number | string;
  readonly forfeited: number | string;
  readonly voided: number | string;
  readonly unused: number | string;
};
export type PackPurchasedPayload = {
  readonly type: 'pack.purchased';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly catalogue: number;
    readonly product: string;
    readonly edition: string;
    readonly pool: string;
    readonly size: number;
    readonly price: string;
    readonly packs: readonly string[];
    readonly expiresAt: string;
  };
};
export type PackReturnedPayload = {
  readonly type: 'pack.returned';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly pack: string;
    readonly pool: string;
    readonly size: number;
    readonly price: string;
  };
};
export type PackVoidedPayload = {
  readonly type: 'pack.voided';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly pack: string;
    readonly voided: number;
    readonly reference: string;
  };
};
export type PoolOfPacks = {
  readonly pool: string;
  readonly product: string;
  readonly packs: number;
  readonly paid: string;
  readonly sold: number | string;
  readonly used: number | string;
  readonly forfeited: number | string;
  readonly voided: number | string;
  readonly unused: number | string;
};
export type PostPaidSwitch = { readonly product: string; readonly postPaid: 'on' | 'off' };
/** A price book: one product’s edition, and examples that prove it. */
export type PriceBook = {
  readonly product: string;
  readonly edition: string;
  readonly effectiveFrom: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly source: string;
  readonly interfaces: readonly (
    | {
        readonly id: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly category?: { readonly zh: string; readonly en: string } | undefined;
        readonly unit?: { readonly zh: string; readonly en: string } | undefined;
        readonly pool: string | null;
        readonly meter: string | null;
        readonly counts: 'calls' | 'recognised';
      }
    | {
        readonly id: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly category?: { readonly zh: string; readonly en: string } | undefined;
        readonly measures: readonly {
          readonly id: string;
          readonly name: { readonly zh: string; readonly en: string };
          readonly unit: { readonly zh: string; readonly en: string };
        }[];
        readonly totals?: readonly { readonly id: string; readonly of: readonly string[] }[] | undefined;
        readonly charges: readonly {
          readonly id: string;
          readonly name: { readonly zh: string; readonly en: string };
          readonly when?:
            | {
                readonly quantities?:
                  | readonly { readonly of: string; readonly above: number; readonly upTo: number | null }[]
                  | undefined;
                readonly time?:
                  | {
                      readonly days?:
                        | readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[]
                        | undefined;
                      readonly from: string;
                      readonly to: string;
                    }
                  | undefined;
                readonly attributes?: { readonly [name: string]: readonly string[] } | undefined;
              }
            | undefined;
          readonly to: {
            readonly [name: string]: {
              readonly pool: string | null;
              readonly meter: string | null;
              readonly weight?: number | undefined;
            };
          };
        }[];
      }
  )[];
  readonly pools: readonly {
    readonly id: string;
    readonly name: { readonly zh: string; readonly en: string };
    readonly meter?: string | undefined;
    readonly packs: readonly {
      readonly size: number;
      readonly price: string;
      readonly validFor?: { readonly months: number } | { readonly days: number } | undefined;
      readonly expires?: 'instant' | 'end_of_day' | undefined;
    }[];
    readonly allowance?: { readonly calls: number; readonly every: 'month' | 'day' } | undefined;
    readonly returns?: { readonly withinDays: number } | undefined;
  }[];
  readonly meters: readonly {
    readonly id: string;
    readonly name: { readonly zh: string; readonly en: string };
    readonly freeUntil?: string | undefined;
    readonly ladder: {
      readonly mode: 'volume' | 'graduated';
      readonly tierBy: 'post_paid' | 'post_paid_and_free' | 'metered';
      readonly bounds: 'upper' | 'lower';
      readonly per: number;
      readonly tiers: readonly {
        readonly above: number;
        readonly upTo: number | null;
        readonly unitPrice: string | null;
      }[];
    };
  }[];
  readonly allowance: {
    readonly calls: number;
    readonly grant: 'pack' | 'voucher';
    readonly inFirstMonth: boolean;
  };
  readonly freeze: {
    readonly rate: string;
    readonly of: 'list' | 'bill';
    readonly onFailure: 'suspend' | 'notify';
  } | null;
  readonly arrears: { readonly graceDays: number };
  readonly notices: {
    readonly low: { readonly below: string; readonly of: 'pool' | 'last_pack' };
    readonly channels: readonly ('in_app' | 'email' | 'sms' | 'wechat')[];
    readonly onTheHour?: { readonly from: string; readonly to: string } | undefined;
  } | null;
  readonly grants?:
    | readonly {
        readonly pool: string;
        readonly size: number;
        readonly validFor: { readonly months: number } | { readonly days: number };
        readonly expires?: 'instant' | 'end_of_day' | undefined;
      }[]
    | undefined;
  readonly postPaid?: 'on' | 'off' | undefined;
  readonly notes?: readonly { readonly zh: string; readonly en: string }[] | undefined;
  readonly examples?:
    | readonly {
        readonly name: string;
        readonly given: {
          readonly packs?:
            | readonly {
                readonly pool: string;
                readonly size: number;
                readonly quantity?: number | undefined;
              }[]
            | undefined;
          readonly usage: readonly {
            readonly interface: string;
            readonly calls?: number | undefined;
            readonly quantities?: { readonly [name: string]: number } | undefined;
            readonly at?: string | undefined;
            readonly attributes?: { readonly [name: string]: string } | undefined;
          }[];
          readonly contract?:
            | {
                readonly meter: string;
                readonly from?: string | undefined;
                readonly until?: string | null | undefined;
                readonly ladder?:
                  | {
                      readonly mode: 'volume' | 'graduated';
                      readonly tierBy: 'post_paid' | 'post_paid_and_free' | 'metered';
                      readonly bounds: 'upper' | 'lower';
                      readonly per: number;
                      readonly tiers: readonly {
                        readonly above: number;
                        readonly upTo: number | null;
                        readonly unitPrice: string | null;
                      }[];
                    }
                  | undefined;
                readonly discount?: string | undefined;
              }
            | undefined;
        };
        readonly expect: {
          readonly total?: string | undefined;
          readonly due?: string | undefined;
          readonly packsTotal?: string | undefined;
          readonly lines?:
            | {
                readonly [name: string]: {
                  readonly amount: string;
                  readonly postPaid?: number | undefined;
                  readonly free?: number | undefined;
                  readonly packs?: number | undefined;
                  readonly waived?: number | undefined;
                };
              }
            | undefined;
        };
      }[]
    | undefined;
  readonly $schema?: string | undefined;
};
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code:
    | 'invalid_request'
    | 'idempotency_key_missing'
    | 'key_missing'
    | 'key_invalid'
    | 'insufficient_funds'
    | 'scope_missing'
    | 'account_forbidden'
    | 'account_unknown'
    | 'service_unknown'
    | 'interface_unknown'
    | 'pool_unknown'
    | 'pack_not_sold'
    | 'pack_unknown'
    | 'meter_unknown'
    | 'record_unknown'
    | 'bill_unknown'
    | 'dispute_unknown'
    | 'book_unknown'
    | 'job_unknown'
    | 'key_unknown'
    | 'webhook_unknown'
    | 'checkpoint_unknown'
    | 'signing_key_unknown'
    | 'delivery_unknown'
    | 'route_unknown'
    | 'method_not_allowed'
    | 'request_timeout'
    | 'account_exists'
    | 'not_activated'
    | 'month_not_over'
    | 'month_out_of_order'
    | 'price_not_agreed'
    | 'edition_published'
    | 'edition_too_late'
    | 'reference_used'
    | 'dispute_resolved'
    | 'out_of_order'
    | 'contract_limit_reached'
    | 'pack_not_usable'
    | 'pack_not_returnable'
    | 'idempotency_in_flight'
    | 'clock_not_settable'
    | 'body_too_large'
    | 'append_too_large'
    | 'media_type_unsupported'
    | 'expectation_failed'
    | 'book_malformed'
    | 'ladder_malformed'
    | 'quantity_too_large'
    | 'idempotency_key_reused'
    | 'rate_limited'
    | 'headers_too_large'
    | 'internal'
    | 'fact_unwritable'
    | 'stream_unreadable'
    | 'price_book_unreadable'
    | 'clock_behind'
    | 'ledger_restored'
    | 'catch_up_needed'
    | 'overloaded'
    | 'secret_unreadable'
    | 'checkpoint_file_unwritable'
    | 'store_damaged'
    | 'store_unavailable'
    | 'view_behind';
};
/** A price book as published, with its examples. */
export type PublishedPriceBook = {
  readonly product: string;
  readonly edition: string;
  readonly effectiveFrom: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly source: string;
  readonly interfaces: readonly (
    | {
        readonly id: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly category?: { readonly zh: string; readonly en: string } | undefined;
        readonly unit?: { readonly zh: string; readonly en: string } | undefined;
        readonly pool: string | null;
        readonly meter: string | null;
        readonly counts: 'calls' | 'recognised';
      }
    | {
        readonly id: string;
        readonly name: { readonly zh: string; readonly en: string };
        readonly category?: { readonly zh: string; readonly en: string } | undefined;
        readonly measures: readonly {
          readonly id: string;
          readonly name: { readonly zh: string; readonly en: string };
          readonly unit: { readonly zh: string; readonly en: string };
        }[];
        readonly totals?: readonly { readonly id: string; readonly of: readonly string[] }[] | undefined;
        readonly charges: readonly {
          readonly id: string;
          readonly name: { readonly zh: string; readonly en: string };
          readonly when?:
            | {
                readonly quantities?:
                  | readonly { readonly of: string; readonly above: number; readonly upTo: number | null }[]
                  | undefined;
                readonly time?:
                  | {
                      readonly days?:
                        | readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[]
                        | undefined;
                      readonly from: string;
                      readonly to: string;
                    }
                  | undefined;
                readonly attributes?: { readonly [name: string]: readonly string[] } | undefined;
              }
            | undefined;
          readonly to: {
            readonly [name: string]: {
              readonly pool: string | null;
              readonly meter: string | null;
              readonly weight?: number | undefined;
            };
          };
        }[];
      }
  )[];
  readonly pools: readonly {
    readonly id: string;
    readonly name: { readonly zh: string; readonly en: string };
    readonly meter?: string | undefined;
    readonly packs: readonly {
      readonly size: number;
      readonly price: string;
      readonly validFor?: { readonly months: number } | { readonly days: number } | undefined;
      readonly expires?: 'instant' | 'end_of_day' | undefined;
    }[];
    readonly allowance?: { readonly calls: number; readonly every: 'month' | 'day' } | undefined;
    readonly returns?: { readonly withinDays: number } | undefined;
  }[];
  readonly meters: readonly {
    readonly id: string;
    readonly name: { readonly zh: string; readonly en: string };
    readonly freeUntil?: string | undefined;
    readonly ladder: {
      readonly mode: 'volume' | 'graduated';
      readonly tierBy: 'post_paid' | 'post_paid_and_free' | 'metered';
      readonly bounds: 'upper' | 'lower';
      readonly per: number;
      readonly tiers: readonly {
        readonly above: number;
        readonly upTo: number | null;
        readonly unitPrice: string | null;
      }[];
    };
  }[];
  readonly allowance: {
    readonly calls: number;
    readonly grant: 'pack' | 'voucher';
    readonly inFirstMonth: boolean;
  };
  readonly freeze: {
    readonly rate: string;
    readonly of: 'list' | 'bill';
    readonly onFailure: 'suspend' | 'notify';
  } | null;
  readonly arrears: { readonly graceDays: number };
  readonly notices: {
    readonly low: { readonly below: string; readonly of: 'pool' | 'last_pack' };
    readonly channels: readonly ('in_app' | 'email' | 'sms' | 'wechat')[];
    readonly onTheHour?: { readonly from: string; readonly to: string } | undefined;
  } | null;
  readonly grants?:
    | readonly {
        readonly pool: string;
        readonly size: number;
        readonly validFor: { readonly months: number } | { readonly days: number };
        readonly expires?: 'instant' | 'end_of_day' | undefined;
      }[]
    | undefined;
  readonly postPaid?: 'on' | 'off' | undefined;
  readonly notes?: readonly { readonly zh: string; readonly en: string }[] | undefined;
  readonly examples?:
    | readonly {
        readonly name: string;
        readonly given: {
          readonly packs?:
            | readonly {
                readonly pool: string;
                readonly size: number;
                readonly quantity?: number | undefined;
              }[]
            | undefined;
          readonly usage: readonly {
            readonly interface: string;
            readonly calls?: number | undefined;
            readonly quantities?: { readonly [name: string]: number } | undefined;
            readonly at?: string | undefined;
            readonly attributes?: { readonly [name: string]: string } | undefined;
          }[];
          readonly contract?:
            | {
                readonly meter: string;
                readonly from?: string | undefined;
                readonly until?: string | null | undefined;
                readonly ladder?:
                  | {
                      readonly mode: 'volume' | 'graduated';
                      readonly tierBy: 'post_paid' | 'post_paid_and_free' | 'metered';
                      readonly bounds: 'upper' | 'lower';
                      readonly per: number;
                      readonly tiers: readonly {
                        readonly above: number;
                        readonly upTo: number | null;
                        readonly unitPrice: string | null;
                      }[];
                    }
                  | undefined;
                readonly discount?: string | undefined;
              }
            | undefined;
        };
        readonly expect: {
          readonly total?: string | undefined;
          readonly due?: string | undefined;
          readonly packsTotal?: string | undefined;
          readonly lines?:
            | {
                readonly [name: string]: {
                  readonly amount: string;
                  readonly postPaid?: number | undefined;
                  readonly free?: number | undefined;
                  readonly packs?: number | undefined;
                  readonly waived?: number | undefined;
                };
              }
            | undefined;
        };
      }[]
    | undefined;
};
export type RefusedGroup = {
  readonly code: string;
  readonly source: string | null;
  readonly key: string | null;
  readonly reports: number;
  readonly last: { readonly at: string; readonly account: string | null; readonly detail: string | null };
};
export type RefusedUsage = {
  readonly at: string;
  readonly code: string;
  readonly detail: string;
  readonly record: unknown;
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
  readonly notKept?: number | undefined;
};
export type SealedEvent = {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly at: string;
  readonly recordedAt: string;
  readonly data: { readonly [name: string]: unknown };
  readonly hash: string;
  readonly previous: string;
};
export type ServiceActivatedPayload = {
  readonly type: 'service.activated';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly product: string;
    readonly postPaid?: 'off' | undefined;
    readonly catalogue?: number | undefined;
  };
};
export type Session = {
  readonly name: string;
  readonly scopes: readonly ('admin' | 'operate' | 'meter' | 'read')[];
  readonly accounts: readonly string[] | null;
  readonly expiresAt: string | null;
  readonly zone: string;
  readonly clock: 'system' | 'test';
  readonly now: string;
};
export type SigningKey = {
  readonly id: string;
  readonly key: string;
  readonly statement: string | null;
  readonly addedAt: string;
  readonly revoked: boolean;
};
export type Standing = {
  readonly account: string;
  readonly at: string;
  readonly suspended: boolean;
  readonly balance: { readonly total: string; readonly frozen: string; readonly available: string };
  readonly suspensions: readonly {
    readonly reason: 'arrears' | 'freeze_failed' | 'prohibited';
    readonly since: string;
    readonly until: string | null;
    readonly why: string;
    readonly lifts: { readonly by: 'payment' | 'operator'; readonly amount: string | null } | null;
    readonly led: readonly {
      readonly event: number;
      readonly type: string;
      readonly at: string;
      readonly says: string;
      readonly before: { readonly total: string; readonly frozen: string; readonly available: string };
      readonly after: { readonly total: string; readonly frozen: string; readonly available: string };
      readonly actor?: string | undefined;
      readonly reason?: string | undefined;
    }[];
    readonly ended: readonly {
      readonly event: number;
      readonly type: string;
      readonly at: string;
      readonly says: string;
      readonly before: { readonly total: string; readonly frozen: string; readonly available: string };
      readonly after: { readonly total: string; readonly frozen: string; readonly available: string };
      readonly actor?: string | undefined;
      readonly reason?: string | undefined;
    }[];
  }[];
  readonly last: {
    readonly reason: 'arrears' | 'freeze_failed' | 'prohibited';
    readonly since: string;
    readonly until: string | null;
    readonly why: string;
    readonly lifts: { readonly by: 'payment' | 'operator'; readonly amount: string | null } | null;
    readonly led: readonly {
      readonly event: number;
      readonly type: string;
      readonly at: string;
      readonly says: string;
      readonly before: { readonly total: string; readonly frozen: string; readonly available: string };
      readonly after: { readonly total: string; readonly frozen: string; readonly available: string };
      readonly actor?: string | undefined;
      readonly reason?: string | undefined;
    }[];
    readonly ended: readonly {
      readonly event: number;
      readonly type: string;
      readonly at: string;
      readonly says: string;
      readonly before: { readonly total: string; readonly frozen: string; readonly available: string };
      readonly after: { readonly total: string; readonly frozen: string; readonly available: string };
      readonly actor?: string | undefined;
      readonly reason?: string | undefined;
    }[];
  } | null;
  readonly because: readonly string[];
  readonly links: { readonly account: string; readonly fact: string };
};
export type Statement = {
  readonly account: string;
  readonly currency: 'CNY';
  readonly from: string | null;
  readonly to: string | null;
  readonly opening: string;
  readonly entries: readonly {
    readonly at: string;
    readonly kind: 'deposit' | 'packs' | 'return' | 'settlement' | 'credit';
    readonly reference: string;
    readonly packs: number | null;
    readonly amount: string;
    readonly balance: string;
    readonly event: { readonly stream: string; readonly revision: number };
  }[];
  readonly sums: {
    readonly deposit: string;
    readonly packs: string;
    readonly settlement: string;
    readonly credit: string;
  };
  readonly closing: string;
  readonly frozen: {
    readonly opening: string;
    readonly freezes: readonly {
      readonly at: string;
      readonly kind: 'frozen' | 'unfrozen';
      readonly amount: string;
      readonly before: string;
      readonly after: string;
      readonly event: { readonly stream: string; readonly revision: number };
    }[];
    readonly closing: string;
  };
};
export type StockedPack = {
  readonly account: string;
  readonly pack: string;
  readonly pool: string;
  readonly size: number;
  readonly left: number;
  readonly expiresAt: string;
};
export type TagSum = {
  readonly value: string | null;
  readonly other?: true | undefined;
  readonly interface: string;
  readonly measure?: string | undefined;
  readonly records: number;
  readonly calls?: number | undefined;
  readonly quantity?: number | undefined;
  readonly unit?: Unit | undefined;
};
export type TierGauge = {
  readonly product: string;
  readonly meter: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly ladder: Ladder;
  readonly isContract: boolean;
  readonly discount?: string | undefined;
  readonly metered: number;
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
  readonly quantity: number;
  readonly tier: {
    readonly above: number;
    readonly upTo: number | null;
    readonly unitPrice: string | null;
  } | null;
  readonly amount: string | null;
  readonly next: {
    readonly above: number;
    readonly upTo: number | null;
    readonly unitPrice: string | null;
    readonly calls: number;
    readonly before: string | null;
    readonly past: string | null;
    readonly isCliff: boolean;
    readonly saves: string | null;
  } | null;
  readonly cliffs: readonly { readonly at: number; readonly costs: string; readonly next: string }[];
  readonly freeUntil: string | null;
};
export type UnbilledAccount = {
  readonly account: string;
  readonly next: string;
  readonly blocked: {
    readonly month: string;
    readonly meter: string;
    readonly quantity: number;
    readonly since: string;
  } | null;
};
export type Unit = { readonly zh: string; readonly en: string };
export type UsageCorrectedPayload = {
  readonly type: 'usage.corrected';
  readonly timestamp: string;
  readonly data: {
    readonly account: string;
    readonly event: number;
    readonly source: string;
    readonly id: string;
    readonly interface: string;
    readonly time: string;
    readonly day: string;
    readonly from: number;
    readonly to: number;
    readonly quantities?:
      | {
          readonly from: { readonly [name: string]: number };
          readonly to: { readonly [name: string]: number };
        }
      | undefined;
    readonly attributes?: { readonly [name: string]: string } | undefined;
    readonly tags?: { readonly [name: string]: string } | undefined;
    readonly reason: string;
    readonly tallies: readonly {
      readonly month: string;
      readonly measure?: string | undefined;
      readonly product: string;
      readonly meter: string;
      readonly pool: string | null;
      readonly shared?: true | undefined;
      readonly day?: string | undefined;
      readonly free: number;
      readonly postPaid: number;
      readonly waived?: number | undefined;
      readonly runs: readonly (readonly unknown[] | readonly unknown[])[];
      readonly freeRuns?: readonly (readonly unknown[])[] | undefined;
      readonly points?: number | undefined;
    }[];
    readonly catalogue?: number | undefined;
  };
};
/** A usage CloudEvent: (source, id) identifies it within its account for ever, so that it is safe to send again. */
export type UsageEvent =
  | {
      readonly specversion: '1.0';
      readonly type: 'suanpan.usage';
      readonly source: string;
      readonly id: string;
      readonly subject: string;
      readonly time: string;
      readonly datacontenttype?: 'application/json' | undefined;
      readonly data: UsageOfCalls | UsageOfImages | UsageOfQuantities;
    }
  | {
      readonly specversion: '1.0';
      readonly type: 'suanpan.usage';
      readonly source: string;
      readonly id: string;
      readonly subject: string;
      readonly time: string;
      readonly datacontenttype?: 'application/json' | undefined;
      readonly data_base64: string;
    };
/** Calls of an interface. */
export type UsageOfCalls = {
  readonly interface: string;
  readonly calls: number;
  readonly tags?: { readonly [name: string]: string } | undefined;
};
/** Images sent in one call of an interface that counts those that were recognised. */
export type UsageOfImages = {
  readonly interface: string;
  readonly submitted: number;
  readonly recognised: number;
  readonly tags?: { readonly [name: string]: string } | undefined;
};
/** Several quantities of one call, of an interface with measures. */
export type UsageOfQuantities = {
  readonly interface: string;
  readonly quantities: { readonly [name: string]: number };
  readonly attributes?: { readonly [name: string]: string } | undefined;
  readonly tags?: { readonly [name: string]: string } | undefined;
};
export type UsageOutcome = {
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
        readonly field?: string | undefined;
        readonly detail?: string | undefined;
        readonly held?:
          | {
              readonly interface: string;
              readonly time: string;
              readonly calls?: number | undefined;
              readonly submitted?: number | undefined;
              readonly recognised?: number | undefined;
            }
          | undefined;
      }[]
    | undefined;
  readonly notKept?: number | undefined;
  readonly resultsTruncated?: boolean | undefined;
};
export type UsageRecord = {
  readonly source: string;
  readonly id: string;
  readonly interface: string;
  readonly time: string;
  readonly calls?: number | undefined;
  readonly quantities?: { readonly [name: string]: number } | undefined;
  readonly reported?: number | { readonly [name: string]: number } | undefined;
  readonly submitted?: number | undefined;
  readonly attributes?: { readonly [name: string]: string } | undefined;
  readonly tags?: { readonly [name: string]: string } | undefined;
  readonly paid:
    | {
        readonly measure?: string | undefined;
        readonly free: number;
        readonly packs: readonly { readonly pack: string; readonly calls: number }[];
        readonly postPaid: number;
        readonly waived?: number | undefined;
      }
    | readonly {
        readonly measure?: string | undefined;
        readonly free: number;
        readonly packs: readonly { readonly pack: string; readonly calls: number }[];
        readonly postPaid: number;
        readonly waived?: number | undefined;
      }[];
  readonly event: number;
};
export type UsageSum = {
  readonly day?: string | undefined;
  readonly interface: string;
  readonly calls?: number | undefined;
  readonly measure?: string | undefined;
  readonly quantity?: number | undefined;
  readonly records: number;
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
  readonly waived?: number | undefined;
  readonly unit?: Unit | undefined;
};
export type Webhook = {
  readonly webhook: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly accounts: readonly string[] | null;
};
export type WebhookTest = {
  readonly webhook: string;
  readonly url: string;
  readonly id: string;
  readonly payload: WebhookTestPayload;
  readonly signatures: number;
  readonly outcome: 'delivered' | 'failed' | 'not_sent';
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly error: string | null;
};
export type WebhookTestPayload = {
  readonly type: 'webhook.test';
  readonly timestamp: string;
  readonly data: { readonly webhook: string; readonly test: true; readonly message: string };
};

/** A client of a server. */
export const suanpan = (client: ClientOptions) => {
  const { request, follow } = openCaller(client);
  return {
    /** Open an account. */
    postAccounts: (
      body: { readonly account: string; readonly name?: string | null | undefined },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly account: string; readonly name: string }>('POST', `/v1/accounts`, {
        body,
        query,
        options,
        idempotent: true,
      }),
    /** List accounts, in the order of their ids or another; all, or those that are looked for. */
    getAccounts: (
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        q?: string | undefined;
        status?: 'active' | 'suspended' | undefined;
        reason?: 'arrears' | 'freeze_failed' | 'prohibited' | undefined;
        product?: string | undefined;
        arrears?: 'true' | undefined;
        frozen?: 'true' | undefined;
        sort?: 'account' | 'name' | 'opened' | 'balance' | 'frozen' | undefined;
        order?: 'up' | 'down' | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{
        readonly items: readonly Account[];
        readonly next: string | null;
        readonly quarantined?: readonly string[] | undefined;
      }>('GET', `/v1/accounts`, { query, options }),
    /** An account: status, balance, services; also as it was. */
    getAccountsOne: (
      account: string,
      query: {
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) => request<Account>('GET', `/v1/accounts/${encodeURIComponent(account)}`, { query, options }),
    /** Activate a product. */
    postAccountsServices: (
      account: string,
      body: { readonly product: string },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly product: string; readonly activatedAt: string }>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/services`,
        { body, query, options, idempotent: true },
      ),
    /** Switch whether what neither free units nor packs pay is post-paid, or waived, from now on. */
    putAccountsServicesOne: (
      account: string,
      product: string,
      body: { readonly postPaid: 'on' | 'off' },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<PostPaidSwitch>(
        'PUT',
        `/v1/accounts/${encodeURIComponent(account)}/services/${encodeURIComponent(product)}`,
        { body, query, options },
      ),
    /** Prohibit an account. */
    postAccountsSuspensions: (
      account: string,
      body: { readonly reason: 'prohibited'; readonly note?: string | null | undefined },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly reason: string; readonly note: string }>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/suspensions`,
        { body, query, options, idempotent: true },
      ),
    /** Why the account was suspended at an instant (default: now), or was not: the events that led to it and that ended it. */
    getAccountsSuspensions: (
      account: string,
      query: {
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        at?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<Standing>('GET', `/v1/accounts/${encodeURIComponent(account)}/suspensions`, { query, options }),
    /** Lift the prohibition. */
    deleteAccountsSuspensionsProhibited: (
      account: string,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<Account>('DELETE', `/v1/accounts/${encodeURIComponent(account)}/suspensions/prohibited`, {
        query,
        options,
      }),
    /** Set where notices go. */
    putAccountsContacts: (
      account: string,
      body: {
        readonly email?: string | null | undefined;
        readonly phone?: string | null | undefined;
        readonly wechat?: string | null | undefined;
      },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<Contacts>('PUT', `/v1/accounts/${encodeURIComponent(account)}/contacts`, {
        body,
        query,
        options,
      }),
    /** Where notices go. */
    getAccountsContacts: (account: string, options: CallOptions = {}) =>
      request<Contacts>('GET', `/v1/accounts/${encodeURIComponent(account)}/contacts`, { options }),
    /** Deposit funds; a reference counts once. */
    postAccountsDeposits: (
      account: string,
      body: { readonly amount: string; readonly reference: string },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly amount: string; readonly reference: string }>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/deposits`,
        { body, query, options, idempotent: true },
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
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly amount: string;
        readonly reference: string;
        readonly reason: string;
        readonly pack: string | null;
      }>('POST', `/v1/accounts/${encodeURIComponent(account)}/credits`, {
        body,
        query,
        options,
        idempotent: true,
      }),
    /** The balance at the end of each day that changed it, oldest first, and now; as of an earlier moment the days that were over, and then. */
    getAccountsBalances: (
      account: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        from?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{
        readonly items: readonly DayBalance[];
        readonly next: string | null;
        readonly opening: DayBalance | null;
        readonly now: DayBalance;
        readonly openedAt: string;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/balances`, { query, options }),
    /** Set the limits: notices start again, and are checked at once. */
    putAccountsLimits: (
      account: string,
      body: {
        readonly spend?: (string | null) | null | undefined;
        readonly notifyAt?: readonly string[] | null | undefined;
        readonly lowBalance?: (string | null) | null | undefined;
      },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<Limits>('PUT', `/v1/accounts/${encodeURIComponent(account)}/limits`, { body, query, options }),
    /** The limits, and where the month stands; also as it was. */
    getAccountsLimits: (
      account: string,
      query: {
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) => request<Limits>('GET', `/v1/accounts/${encodeURIComponent(account)}/limits`, { query, options }),
    /** Buy packs. */
    postAccountsPacks: (
      account: string,
      body: { readonly pool: string; readonly size: number; readonly quantity?: number | null | undefined },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly packs: readonly BoughtPack[] }>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/packs`,
        { body, query, options, idempotent: true },
      ),
    /** Packs, in the order of their purchase, the usable ones alone in the order of deduction; also as they were. */
    getAccountsPacks: (
      account: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        state?: 'usable' | 'used_up' | 'expired' | 'void' | 'returned' | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly Pack[]; readonly next: string | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/packs`,
        { query, options },
      ),
    /** Return an unused pack for its price, where its edition permits it; again answers the same. */
    postAccountsPacksReturn: (
      account: string,
      pack: string,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<Pack>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/packs/${encodeURIComponent(pack)}/return`,
        { query, options, idempotent: true },
      ),
    /** Everything that changed a pack after its purchase, record by record, oldest first, and how it stands; also as it was. A page may be shorter than asked for and not be the last. */
    getAccountsPacksDeductions: (
      account: string,
      pack: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        day?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly Deduction[]; readonly next: string | null; readonly pack: Pack }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/packs/${encodeURIComponent(pack)}/deductions`,
        { query, options },
      ),
    /** What changed a pack, by day of recording, oldest first; as of an earlier moment only the days that were over. */
    getAccountsPacksDays: (
      account: string,
      pack: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly PackDay[]; readonly next: string | null; readonly pack: Pack }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/packs/${encodeURIComponent(pack)}/days`,
        { query, options },
      ),
    /** Agree a price for a meter, or a discount, from a month on. */
    postAccountsContractPrices: (
      account: string,
      body: {
        readonly meter: string;
        readonly from: string;
        readonly until?: string | null | undefined;
        readonly ladder?: ContractLadder | null | undefined;
        readonly discount?: string | null | undefined;
      },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<ContractPrice>('POST', `/v1/accounts/${encodeURIComponent(account)}/contract-prices`, {
        body,
        query,
        options,
        idempotent: true,
      }),
    /** Free calls of a month (default: this one) for every pool of the activated products; also as they were. */
    getAccountsAllowances: (
      account: string,
      query: {
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        month?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly Allowance[]; readonly next: string | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/allowances`,
        { query, options },
      ),
    /** Report usage: one CloudEvent (structured or binary), a batch, or NDJSON of any length (answered in NDJSON). */
    postUsage: (
      body: UsageEvent | readonly UsageEvent[],
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) => request<UsageOutcome>('POST', `/v1/usage`, { body, query, options }),
    /** Correct the calls of a record; a closed month gets a correction line on the next bill. */
    postAccountsCorrections: (
      account: string,
      body: {
        readonly source: string;
        readonly id: string;
        readonly calls?: number | null | undefined;
        readonly quantities?: { readonly [name: string]: number } | null | undefined;
        readonly reason: string;
      },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly source: string;
        readonly id: string;
        readonly from: number | { readonly [name: string]: number };
        readonly calls?: number | undefined;
        readonly quantities?: { readonly [name: string]: number } | undefined;
        readonly reason: string;
      }>('POST', `/v1/accounts/${encodeURIComponent(account)}/corrections`, {
        body,
        query,
        options,
        idempotent: true,
      }),
    /** Usage of a month (default: this one) by day, interface or record; by day and interface also as it was. */
    getAccountsUsage: (
      account: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        month?: string | undefined;
        by?: 'day' | 'interface' | 'record' | 'tag' | undefined;
        tag?: string | undefined;
        meter?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly (UsageSum | TagSum | UsageRecord)[]; readonly next: string | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/usage`,
        { query, options },
      ),
    /** Whether a call may be made now, and who would pay for it. */
    getAccountsEntitlements: (
      account: string,
      query: { interface: string | undefined; after?: string | undefined },
      options: CallOptions = {},
    ) =>
      request<Entitlement>('GET', `/v1/accounts/${encodeURIComponent(account)}/entitlements`, {
        query,
        options,
      }),
    /** Usage that was refused, as received, oldest first. */
    getAccountsRefusedUsage: (
      account: string,
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly RefusedUsage[]; readonly next: string | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/refused-usage`,
        { query, options },
      ),
    /** Usage that was refused and names no account that exists, as received, oldest first. */
    getRefusedUsage: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly at: string;
          readonly code: string;
          readonly detail: string;
          readonly record: unknown;
          readonly text?: string | undefined;
          readonly base64?: string | undefined;
          readonly notKept?: number | undefined;
          readonly account: string | null;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/refused-usage`, { query, options }),
    /** Close a month of an account; again answers with the bill there is. */
    postAccountsMonthsClose: (
      account: string,
      month: string,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<Bill>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/months/${encodeURIComponent(month)}/close`,
        { query, options, idempotent: true },
      ),
    /** Close a month of every account, as a job. */
    postMonthsClose: (
      month: string,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly job: string; readonly preview?: ClosePreview | undefined }>(
        'POST',
        `/v1/months/${encodeURIComponent(month)}/close`,
        { query, options, idempotent: true },
      ),
    /** How a job stands. */
    getJobsOne: (job: string, options: CallOptions = {}) =>
      request<Job>('GET', `/v1/jobs/${encodeURIComponent(job)}`, { options }),
    /** Bills of an account, oldest first; as of an earlier moment those issued by then. */
    getAccountsBills: (
      account: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly BillInShort[]; readonly next: string | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/bills`,
        { query, options },
      ),
    /** The bill of a month, as issued; as of an instant before that there is none. */
    getAccountsBillsOne: (
      account: string,
      month: string,
      query: {
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<Bill>('GET', `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}`, {
        query,
        options,
      }),
    /** The draft bill of a month (default: this one), now or as of an instant; amounts without a price are null, with the reason. */
    getAccountsEstimate: (
      account: string,
      query: {
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        month?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) => request<Draft>('GET', `/v1/accounts/${encodeURIComponent(account)}/estimate`, { query, options }),
    /** Where a month (default: this one) stands on the ladder of each meter with calls, and what the next tier does to the bill; also as it was. */
    getAccountsTiers: (
      account: string,
      query: {
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        month?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly TierGauge[]; readonly next: string | null; readonly month: string }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/tiers`,
        { query, options },
      ),
    /** Decide a bill again from its events, and compare. */
    getAccountsBillsReplay: (account: string, month: string, options: CallOptions = {}) =>
      request<{
        readonly match: boolean;
        readonly issued: string;
        readonly replayed: string;
        readonly lines: readonly {
          readonly part: 'line' | 'pack' | 'correction' | 'credit' | 'sum';
          readonly name: string;
          readonly issued: string | null;
          readonly replayed: string | null;
          readonly match: boolean;
        }[];
        readonly differences: readonly {
          readonly event: { readonly stream: string; readonly revision: number };
          readonly path: string;
          readonly recorded: unknown;
          readonly replayed: unknown;
        }[];
        readonly events: number;
        readonly records: number;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}/replay`, {
        options,
      }),
    /** Accounts whose close of a month, or of one before it, is refused now, and why. */
    getMonthsBlocked: (
      month: string,
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly BlockedClose[]; readonly next: string | null }>(
        'GET',
        `/v1/months/${encodeURIComponent(month)}/blocked`,
        { query, options },
      ),
    /** What made each number: formula, tier, packs and why in that order, usage by pool and day, events, links to the records. */
    getAccountsBillsExplain: (
      account: string,
      month: string,
      query: { meter?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<Explanation>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}/explain`,
        { query, options },
      ),
    /** The records and corrections behind a bill, a meter, a day or an event, each with who paid, in the order of recording. */
    getAccountsBillsExplainRecords: (
      account: string,
      month: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        meter?: string | undefined;
        day?: string | undefined;
        event?: number | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly ExplainedRecord[]; readonly next: string | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}/explain/records`,
        { query, options },
      ),
    /** What changed between two instants (from, to) or two positions (fromPosition, toPosition): before, after, the events. */
    getAccountsChanges: (
      account: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        from?: string | undefined;
        to?: string | undefined;
        fromPosition?: string | undefined;
        toPosition?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly position: string;
          readonly revision: number;
          readonly type: string;
          readonly at: string;
          readonly recordedAt: string;
          readonly actor?: string | undefined;
          readonly reason?: string | undefined;
          readonly data: { readonly [name: string]: unknown };
        }[];
        readonly next: string | null;
        readonly before: {
          readonly status: 'active' | 'suspended';
          readonly suspensions: readonly { readonly reason: string; readonly since: string }[];
          readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
          readonly services: readonly string[];
          readonly lastClosed: string | null;
          readonly packs: readonly Pack[];
        } | null;
        readonly after: {
          readonly status: 'active' | 'suspended';
          readonly suspensions: readonly { readonly reason: string; readonly since: string }[];
          readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
          readonly services: readonly string[];
          readonly lastClosed: string | null;
          readonly packs: readonly Pack[];
        } | null;
        readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
        readonly facts: number;
      }>('GET', `/v1/accounts/${encodeURIComponent(account)}/changes`, { query, options }),
    /** Open a dispute of a bill, or of one line of it; its replay, explanation and checkpoint are attached at once. */
    postAccountsBillsDisputes: (
      account: string,
      month: string,
      body: { readonly meter?: string | null | undefined; readonly reason: string },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<Dispute>(
        'POST',
        `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}/disputes`,
        { body, query, options, idempotent: true },
      ),
    /** Disputes of an account, oldest first. */
    getAccountsDisputes: (
      account: string,
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly Dispute[]; readonly next: string | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/disputes`,
        { query, options },
      ),
    /** Disputes of all accounts that the key sees, of a state or of any, in the order of their opening. */
    getDisputes: (
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        state?: 'open' | 'upheld' | 'adjusted' | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly Dispute[]; readonly next: string | null }>('GET', `/v1/disputes`, {
        query,
        options,
      }),
    /** A dispute with its evidence and its end. */
    getDisputesOne: (
      dispute: string,
      query: { after?: string | undefined } = {},
      options: CallOptions = {},
    ) => request<Dispute>('GET', `/v1/disputes/${encodeURIComponent(dispute)}`, { query, options }),
    /** Replay and explain the bill of an open dispute again, and attach the result. */
    postDisputesEvidence: (
      dispute: string,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<Dispute>('POST', `/v1/disputes/${encodeURIComponent(dispute)}/evidence`, {
        query,
        options,
        idempotent: true,
      }),
    /** Resolve a dispute: the bill is upheld, or adjusted by a credit or by corrections of records; the bill itself never changes. */
    postDisputesResolution: (
      dispute: string,
      body: {
        readonly outcome: 'upheld' | 'adjusted';
        readonly note: string;
        readonly credit?: { readonly amount: string; readonly reference: string } | null | undefined;
        readonly corrections?:
          | readonly {
              readonly source: string;
              readonly id: string;
              readonly calls?: number | null | undefined;
              readonly quantities?: { readonly [name: string]: number } | null | undefined;
            }[]
          | null
          | undefined;
      },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<Dispute>('POST', `/v1/disputes/${encodeURIComponent(dispute)}/resolution`, {
        body,
        query,
        options,
        idempotent: true,
      }),
    /** Sign the head of every stream; where nothing changed, the answer is the last checkpoint. */
    postCheckpoints: (
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) => request<Checkpoint>('POST', `/v1/checkpoints`, { query, options, idempotent: true }),
    /** Checkpoints, smallest first; one of the same size follows where a key was changed. */
    getCheckpoints: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly Checkpoint[]; readonly next: string | null }>(
        'GET',
        `/v1/checkpoints`,
        { query, options },
      ),
    /** The proof that the ledger at a checkpoint (a size, or `latest`) begins with an earlier one of size `from`. */
    getCheckpointsConsistency: (
      size: string,
      query: { from: number | undefined },
      options: CallOptions = {},
    ) =>
      request<{
        readonly format: 'suanpan.consistency.1';
        readonly from: number;
        readonly to: number;
        readonly path: readonly string[];
        readonly note: string;
      }>('GET', `/v1/checkpoints/${encodeURIComponent(size)}/consistency`, { query, options }),
    /** The first checkpoint, by a key that is not revoked, that covers a bill; null while none does. */
    getAccountsBillsCheckpoint: (account: string, month: string, options: CallOptions = {}) =>
      request<{ readonly checkpoint: Checkpoint | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}/checkpoint`,
        { options },
      ),
    /** The keys that sign checkpoints and bundles, oldest first. */
    getSigningKeys: (options: CallOptions = {}) =>
      request<{ readonly items: readonly SigningKey[] }>('GET', `/v1/signing-keys`, { options }),
    /** Make a new signing key; the one before it vouches for it. */
    postSigningKeys: (
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) => request<SigningKey>('POST', `/v1/signing-keys`, { query, options, idempotent: true }),
    /** Declare a signing key void: nothing it signs from now on counts. */
    deleteSigningKeysOne: (
      id: string,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) => request<SigningKey>('DELETE', `/v1/signing-keys/${encodeURIComponent(id)}`, { query, options }),
    /** The audit bundle of a bill: one file that proves it offline. */
    getAccountsBillsBundle: (
      account: string,
      month: string,
      query: { withName?: 'true' | 'false' | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<string>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/bills/${encodeURIComponent(month)}/bundle`,
        { query, options, media: 'application/x-ndjson' },
      ),
    /** The balance over a period: opening, every event that moved it, closing; freezes apart. */
    getAccountsStatement: (
      account: string,
      query: {
        from?: string | undefined;
        to?: string | undefined;
        format?: 'json' | 'csv' | undefined;
        after?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<Statement | string>('GET', `/v1/accounts/${encodeURIComponent(account)}/statement`, {
        query,
        options,
        media: 'application/json, text/csv',
      }),
    /** Bills, usage or FOCUS 1.2 rows as CSV, of a month or a period or all: bill-sums.csv (a row a bill), products.csv (a product of a bill), bills.csv (a line), usage.csv or focus.csv. */
    getAccountsExportsOne: (
      account: string,
      file: string,
      query: {
        month?: string | undefined;
        from?: string | undefined;
        to?: string | undefined;
        by?: 'day' | 'record' | undefined;
        provider?: string | undefined;
        after?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<string>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/exports/${encodeURIComponent(file)}`,
        { query, options, media: 'text/csv' },
      ),
    /** The same of all accounts, one after the other: bill-sums.csv (a row a bill), products.csv (a product of a bill), bills.csv (a line), usage.csv or focus.csv. */
    getExportsOne: (
      file: string,
      query: {
        month?: string | undefined;
        from?: string | undefined;
        to?: string | undefined;
        by?: 'day' | 'record' | undefined;
        provider?: string | undefined;
        after?: string | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<string>('GET', `/v1/exports/${encodeURIComponent(file)}`, {
        query,
        options,
        media: 'text/csv',
      }),
    /** Months of all accounts, the newest first: closed or not, and what they brought by product. */
    getFinanceMonths: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly FinanceMonth[]; readonly next: string | null }>(
        'GET',
        `/v1/finance/months`,
        { query, options },
      ),
    /** What each account brought of a month, of a kind and a product: the shares of one of its sums. */
    getFinanceMonthsShares: (
      month: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        kind: 'bills' | 'post_paid' | 'corrections' | 'packs' | 'credits' | undefined;
        product?: string | undefined;
      },
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly FinanceShare[]; readonly next: string | null }>(
        'GET',
        `/v1/finance/months/${encodeURIComponent(month)}/shares`,
        { query, options },
      ),
    /** Accounts of which a month is not closed yet, by the month that they close next. */
    getFinanceMonthsUnbilled: (
      month: string,
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly UnbilledAccount[]; readonly next: string | null }>(
        'GET',
        `/v1/finance/months/${encodeURIComponent(month)}/unbilled`,
        { query, options },
      ),
    /** Money of all accounts: held, owed, frozen. */
    getFinanceBalances: (query: { after?: string | undefined } = {}, options: CallOptions = {}) =>
      request<Balances>('GET', `/v1/finance/balances`, { query, options }),
    /** Packs by pool, of all accounts: sold, used, forfeited, voided, unused. */
    getFinancePools: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly PoolOfPacks[]; readonly next: string | null }>(
        'GET',
        `/v1/finance/pools`,
        { query, options },
      ),
    /** Packs of a pool, by account. */
    getFinanceHoldings: (
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        pool: string | undefined;
      },
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly PackHolding[]; readonly next: string | null }>(
        'GET',
        `/v1/finance/holdings`,
        { query, options },
      ),
    /** The events of an account with their seals, oldest first unless asked otherwise; also as of an earlier moment. */
    getAccountsEvents: (
      account: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        order?: 'oldest' | 'newest' | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly SealedEvent[]; readonly next: string | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/events`,
        { query, options },
      ),
    /** Notices to the account holder, oldest first unless asked otherwise; also as of an earlier moment. */
    getAccountsNotices: (
      account: string,
      query: {
        limit?: number | undefined;
        cursor?: string | undefined;
        after?: string | undefined;
        asOf?: string | undefined;
        asOfPosition?: string | undefined;
        order?: 'oldest' | 'newest' | undefined;
      } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly Notice[]; readonly next: string | null }>(
        'GET',
        `/v1/accounts/${encodeURIComponent(account)}/notices`,
        { query, options },
      ),
    /** New events, as server-sent events; Last-Event-ID resumes after a position. */
    getStream: (
      query: {
        account?: string | undefined;
        types?: string | undefined;
        from?: string | undefined;
        data?: 'true' | 'false' | undefined;
      } = {},
      options: CallOptions = {},
    ) => follow(`/v1/stream`, { query, options }),
    /** Publish an edition. */
    putPriceBooksOne: (
      product: string,
      edition: string,
      body: PriceBook,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<Edition>(
        'PUT',
        `/v1/price-books/${encodeURIComponent(product)}/${encodeURIComponent(edition)}`,
        { body, query, options },
      ),
    /** A book as published. */
    getPriceBooksOne: (product: string, edition: string, options: CallOptions = {}) =>
      request<PublishedPriceBook>(
        'GET',
        `/v1/price-books/${encodeURIComponent(product)}/${encodeURIComponent(edition)}`,
        { options },
      ),
    /** Published editions, in the order of their publication. */
    getPriceBooks: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
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
      }>('GET', `/v1/price-books`, { query, options }),
    /** Check a book: what keeps it from being published, and where one more call lowers the bill. */
    postPriceBooksLint: (
      body: PriceBook,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly problems: readonly { readonly path: string; readonly message: string }[];
        readonly warnings: readonly {
          readonly meter: string;
          readonly at: number;
          readonly costs: string;
          readonly next: string;
        }[];
        readonly truncated?: { readonly problems: number; readonly warnings: number } | undefined;
      }>('POST', `/v1/price-books/lint`, { body, query, options }),
    /** Create a key; its secret is shown this once. */
    postKeys: (
      body: {
        readonly name: string;
        readonly scopes: readonly ('admin' | 'operate' | 'meter' | 'read')[];
        readonly accounts?: readonly string[] | null | undefined;
        readonly expiresAt?: string | null | undefined;
      },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
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
      }>('POST', `/v1/keys`, { body, query, options, idempotent: true }),
    /** Keys there are and were, without their secrets. */
    getKeys: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly Key[]; readonly next: string | null }>('GET', `/v1/keys`, {
        query,
        options,
      }),
    /** Revoke a key at once. */
    deleteKeysOne: (
      key: string,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) => request<Key>('DELETE', `/v1/keys/${encodeURIComponent(key)}`, { query, options }),
    /** Make a key that replaces this one; the old one is good for some time more. */
    postKeysRotation: (
      key: string,
      body: { readonly overlapSeconds?: number | null | undefined },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
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
      }>('POST', `/v1/keys/${encodeURIComponent(key)}/rotation`, { body, query, options, idempotent: true }),
    /** The key that asks, with its scopes and accounts, and the zone and the clock of the ledger. */
    getSession: (options: CallOptions = {}) => request<Session>('GET', `/v1/session`, { options }),
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
              | 'pack.granted'
              | 'pack.returned'
              | 'usage.corrected'
              | 'bill.issued'
              | 'freeze.failed'
              | 'account.suspended'
              | 'account.resumed'
              | 'dispute.opened'
              | 'dispute.resolved'
              | 'checkpoint.signed'
              | 'notice.pack_low'
              | 'notice.pack_exhausted'
              | 'notice.pack_expiring'
              | 'notice.bill_issued'
              | 'notice.freeze_failed'
              | 'notice.suspended'
              | 'notice.resumed'
              | 'notice.price_not_agreed'
              | 'notice.spend_reached'
              | 'notice.balance_low'
            )[]
          | null
          | undefined;
        readonly accounts?: readonly string[] | null | undefined;
      },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{
        readonly webhook: string;
        readonly url: string;
        readonly types: readonly string[];
        readonly accounts: readonly string[] | null;
        readonly secret: string;
      }>('POST', `/v1/webhooks`, { body, query, options, idempotent: true }),
    /** Webhooks there are, without their secrets. */
    getWebhooks: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly Webhook[]; readonly next: string | null }>('GET', `/v1/webhooks`, {
        query,
        options,
      }),
    /** Remove a webhook. */
    deleteWebhooksOne: (
      webhook: string,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly webhook: string }>('DELETE', `/v1/webhooks/${encodeURIComponent(webhook)}`, {
        query,
        options,
      }),
    /** Give a webhook a new signing secret; for some time its calls carry the signatures of both. */
    postWebhooksRotation: (
      webhook: string,
      body: { readonly overlapSeconds?: number | null | undefined },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly webhook: string; readonly secret: string; readonly previousUntil: string }>(
        'POST',
        `/v1/webhooks/${encodeURIComponent(webhook)}/rotation`,
        { body, query, options, idempotent: true },
      ),
    /** Call a webhook once with a test, and tell the outcome; nothing is recorded. */
    postWebhooksTest: (
      webhook: string,
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) => request<WebhookTest>('POST', `/v1/webhooks/${encodeURIComponent(webhook)}/test`, { query, options }),
    /** Deliveries that were given up. */
    getDeliveriesDead: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly DeadDelivery[]; readonly next: string | null }>(
        'GET',
        `/v1/deliveries/dead`,
        { query, options },
      ),
    /** Try a dead delivery again. */
    postDeliveriesResend: (
      body: { readonly delivery: string },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) =>
      request<{ readonly delivery: string }>('POST', `/v1/deliveries/resend`, {
        body,
        query,
        options,
        idempotent: true,
      }),
    /** Set the test clock; answers when everything due until then has happened. */
    putClock: (
      body: { readonly now: string },
      query: { dryRun?: 'true' | 'false' | 'events' | undefined } = {},
      options: CommandOptions = {},
    ) => request<{ readonly now: string }>('PUT', `/v1/clock`, { body, query, options }),
    /** What time it is for the ledger. */
    getClock: (options: CallOptions = {}) =>
      request<{ readonly now: string; readonly kind: 'system' | 'test' }>('GET', `/v1/clock`, { options }),
    /** Events that cannot be read, and stop what they belong to; everything else continues. */
    getQuarantine: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{
        readonly items: readonly {
          readonly stream: string;
          readonly revision: number;
          readonly position: string | null;
          readonly account: string | null;
          readonly why: string;
        }[];
        readonly next: string | null;
      }>('GET', `/v1/quarantine`, { query, options }),
    /** What needs a person now: of all accounts, and of the server that answers. */
    getInbox: (query: { after?: string | undefined } = {}, options: CallOptions = {}) =>
      request<Inbox>('GET', `/v1/inbox`, { query, options }),
    /** Accounts that need a person: in arrears, suspended, or with a freeze that failed; the longest waiting first. */
    getInboxAccounts: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly NeededAccount[]; readonly next: string | null }>(
        'GET',
        `/v1/inbox/accounts`,
        { query, options },
      ),
    /** One look over all accounts: intake by day, calls and amounts by product, money, and packs. */
    getOverview: (query: { after?: string | undefined } = {}, options: CallOptions = {}) =>
      request<Overview>('GET', `/v1/overview`, { query, options }),
    /** Packs of all accounts that can still pay, the next to expire first. */
    getOverviewPacks: (
      query: { limit?: number | undefined; cursor?: string | undefined; after?: string | undefined } = {},
      options: CallOptions = {},
    ) =>
      request<{ readonly items: readonly StockedPack[]; readonly next: string | null }>(
        'GET',
        `/v1/overview/packs`,
        { query, options },
      ),
  };
};
