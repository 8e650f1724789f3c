import { messages } from '../messages/language.tsx';

export const signInMessages = messages(
  {
    title: 'Sign in',
    intro: 'Sign in with an API key. What you see and can do depends on its scopes and accounts.',
    key: 'API key',
    remember: 'Keep the key until this tab is closed',
    submit: 'Sign in',
    empty: 'Enter a key.',
    bundle: 'Have an audit bundle? It can be verified without a key.',
    resuming: 'Signing in…',
  },
  {
    title: '登录',
    intro: '使用 API 密钥登录。可见内容和可执行的操作取决于密钥的权限范围和绑定账户。',
    key: 'API 密钥',
    remember: '在关闭此标签页前保留密钥',
    submit: '登录',
    empty: '请输入密钥。',
    bundle: '有审计包?无需密钥即可验证。',
    resuming: '正在登录…',
  },
);
