import { messages } from '../../../messages/language.tsx';

export const momentMessages = messages(
  {
    timeline: 'Look at an earlier moment',
    instant: (zone: string) => `Instant (${zone})`,
    scrub: 'From the opening until now',
    position: 'Position of the ledger',
    show: 'Show',
    now: 'Back to now',
    shownInstant: (at: string, zone: string) => `This page shows the account as it stood at ${at} (${zone}).`,
    shownPosition: (position: string) => `This page shows what the ledger knew at position ${position}.`,
    noCommands: 'No command is offered here: the past does not change.',
  },
  {
    timeline: '查看以前的时刻',
    instant: (zone: string) => `时刻(${zone})`,
    scrub: '从开户到现在',
    position: '账本位置',
    show: '查看',
    now: '回到现在',
    shownInstant: (at: string, zone: string) => `本页显示账户在 ${at}(${zone})时的状态。`,
    shownPosition: (position: string) => `本页显示账本在位置 ${position} 时所知的状态。`,
    noCommands: '此处不提供操作:过去不会改变。',
  },
);
