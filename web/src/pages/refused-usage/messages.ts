import { messages } from '../../messages/language.tsx';

export const refusedUsageMessages = messages(
  {
    of: (account: string) => `Refused usage of ${account}`,
    ofNone: 'Refused usage of no account',
    when: 'When',
    why: 'Why',
    report: 'Report as received',
    none: 'No usage was refused.',
  },
  {
    of: (account: string) => `${account} 的被拒用量`,
    ofNone: '无账户的被拒用量',
    when: '时间',
    why: '原因',
    report: '收到的上报',
    none: '没有被拒的用量。',
  },
);
