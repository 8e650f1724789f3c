/** A bundle with its verifier, as one page to send along. */
import { Choices } from '../app/Choices.tsx';
import { Verifying } from '../pages/verify/Verify.tsx';
import styles from './BundlePage.module.css';

export const BundlePage = ({ bundle }: { readonly bundle: Blob }) => (
  <>
    <header className={styles.head}>
      <span lang="zh">算盘 Suanpan</span>
      <Choices />
    </header>
    <main className={styles.main}>
      <Verifying given={bundle} />
    </main>
  </>
);
