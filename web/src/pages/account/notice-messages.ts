import { messages } from '../../messages/language.tsx';

/** What a notice says, and where it went. */
export const noticeMessages = messages(
  {
    pack_low: (left: string, pool: string) => `${left} calls left for ${pool}`,
    pack_exhausted: (pool: string) => `All packs for ${pool} are used up`,
    pack_expiring: (pack: string, pool: string, left: string, at: string) =>
      `${pack} for ${pool} expires at ${at}, with ${left} calls left`,
    bill_issued: (month: string, due: string, total: string) => `${month}: due ${due}, total ${total}`,
    freeze_failed: (month: string, amount: string) =>
      `${month}: the available balance does not cover ${amount}`,
    price_not_agreed: (month: string, meter: string, quantity: string) =>
      `${month}: no price is agreed for ${quantity} of ${meter}`,
    in_app: 'in the app',
    email: 'e-mail',
    sms: 'SMS',
    wechat: 'WeChat',
    and: ', ',
  },
  {
    pack_low: (left: string, pool: string) => `${pool} 还剩 ${left} 次`,
    pack_exhausted: (pool: string) => `${pool} 的资源包已全部用完`,
    pack_expiring: (pack: string, pool: string, left: string, at: string) =>
      `${pack}（${pool}）将于 ${at} 到期，还剩 ${left} 次`,
    bill_issued: (month: string, due: string, total: string) => `${month}：应扣 ${due}，合计 ${total}`,
    freeze_failed: (month: string, amount: string) => `${month}：可用余额不足 ${amount}`,
    price_not_agreed: (month: string, meter: string, quantity: string) =>
      `${month}：${meter} 的 ${quantity} 次调用没有商定价格`,
    in_app: '站内信',
    email: '邮件',
    sms: '短信',
    wechat: '微信',
    and: '、',
  },
);
