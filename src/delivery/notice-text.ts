/** Texts of notices, in Chinese and English. */
import { type Calendar, instantOf } from '../domain/calendar.ts';
import type { Notice, NoticeKind } from '../domain/events.ts';
import { exact, plain } from '../domain/money.ts';
import type { Name } from '../domain/price-book.ts';
import { severalOf } from '../domain/unit-words.ts';

type About = Notice['about'];

type Said = (about: About, unit: Name | undefined) => readonly [zh: string, en: string];

const TEXTS: { readonly [Kind in NoticeKind]: Said } = {
  pack_low: ({ pool, left }, unit) => [
    `次数包余量不足：${pool} 还剩 ${left} ${unit?.zh ?? '次'}`,
    `Packs are running low: ${left} ${severalOf(unit)} left for ${pool}`,
  ],
  pack_exhausted: ({ pool }) => [`次数包已用完：${pool}`, `Packs are used up: ${pool}`],
  pack_expiring: ({ pack, pool, days, left, expiresAt }, unit) => [
    `次数包 ${pack}（${pool}）将于 ${days} 天后到期，还剩 ${left} ${unit?.zh ?? '次'}（${expiresAt}）`,
    `Pack ${pack} (${pool}) expires in ${days} days with ${left} ${severalOf(unit)} left (${expiresAt})`,
  ],
  bill_issued: ({ month, due, total }) => {
    const amounts = (
      [
        ['应付', 'due', due],
        ['合计', 'total', total],
      ] as const
    ).filter(([, , amount]) => !isZero(amount));
    return [
      `${month} 账单已出：${amounts.map(([zh, , amount]) => `${zh} ${amount} 元`).join('，')}`,
      `The bill of ${month} is issued: ${amounts.map(([, en, amount]) => `${en} ${amount} yuan`).join(', ')}`,
    ];
  },
  freeze_failed: ({ month, amount }) => [
    `${month} 冻结失败：可用余额不足 ${amount} 元`,
    `Freezing ${amount} yuan for ${month} failed: the available balance does not cover it`,
  ],
  suspended: ({ reason }) => [`账户已停用（${reason}）`, `The account is suspended (${reason})`],
  resumed: ({ reason }) => [`账户已恢复（${reason}）`, `The account is active again (${reason})`],
  price_not_agreed: ({ month, meter, quantity }) => [
    `${month} 的 ${meter} 用量 ${quantity} 没有约定价格，账单无法出具`,
    `${month} cannot be closed: no price is agreed for ${quantity} of ${meter}`,
  ],
  spend_reached: ({ month, share, limit, spent }) => [
    `${month} 消费 ${spent} 元，已达限额 ${limit} 元的 ${percent(share)}`,
    `${month} has cost ${spent} yuan, ${percent(share)} of the limit of ${limit} yuan or more`,
  ],
  balance_low: ({ limit, available }) => [
    `可用余额 ${available} 元，低于 ${limit} 元`,
    `The available balance is ${available} yuan, below ${limit} yuan`,
  ],
};

/** `0.8` as `80%`. */
const percent = (share: string | number | undefined): string =>
  `${plain(exact(String(share ?? '0')).times(100))}%`;

const isZero = (amount: string | number | undefined): boolean => Number(amount) === 0;

/** Whether a notice is sent by e-mail; a bill with no purchases and nothing due is not. */
export const isWorthAMail = (kind: NoticeKind, { due, total, amount }: About): boolean =>
  kind === 'bill_issued' ? !(isZero(due) && isZero(total)) : kind !== 'freeze_failed' || !isZero(amount);

/** Subject and text of a notice's e-mail; instants are in the calendar's zone. `unit`: what the notice's pool counts. */
export const noticeText = (
  account: string,
  kind: NoticeKind,
  about: About,
  calendar: Calendar,
  unit?: Name,
): { subject: string; text: string } => {
  const { expiresAt } = about;
  const zoned =
    typeof expiresAt === 'string' ? { ...about, expiresAt: calendar.textOf(instantOf(expiresAt)) } : about;
  const [zh, en] = TEXTS[kind](zoned, unit);
  return { subject: `${zh} | ${en}`, text: `${zh}\n${en}\n\n账户 / account: ${account}\n` };
};
