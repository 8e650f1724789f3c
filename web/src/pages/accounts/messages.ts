import { messages } from '../../messages/language.tsx';

export const accountsMessages = messages(
  {
    title: 'Accounts',
    account: 'Account',
    name: 'Name',
    status: 'Status',
    active: 'Active',
    suspended: 'Suspended',
    available: 'Available',
    frozen: 'Frozen',
    services: 'Products',
    empty: 'There are no accounts yet.',
    more: 'Show more',
  },
  {
    title: '账户',
    account: '账户',
    name: '名称',
    status: '状态',
    active: '正常',
    suspended: '已停服',
    available: '可用余额',
    frozen: '冻结金额',
    services: '产品',
    empty: '还没有账户。',
    more: '显示更多',
  },
);
