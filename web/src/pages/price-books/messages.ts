import { messages } from '../../messages/language.tsx';

/** The words of the list of price books. */
export const priceBooksMessages = messages(
  {
    title: 'Price books',
    intro: 'An edition is published once and never changes; each month is rated by the edition in force.',
    empty: 'No price book is published yet.',
    product: 'Product',
    edition: 'Edition',
    from: 'In force from',
    interfaces: 'Interfaces',
    meters: 'Meters',
    pools: 'Pools',
    digest: 'Digest',
    draft: 'Write an edition',
  },
  {
    title: '价目表',
    intro: '每一版价目表只发布一次,永不更改;每个账期按当时生效的版本计价。',
    empty: '还没有发布任何价目表。',
    product: '产品',
    edition: '版本',
    from: '生效账期',
    interfaces: '接口',
    meters: '计费项',
    pools: '资源包',
    digest: '摘要',
    draft: '编写新版本',
  },
);
