/** A refusal or a failure in words, with its code; announced when it appears. */
import { Refused, UnexpectedAnswer } from '../../../client/suanpan.ts';
import { messages, useText } from '../messages/language.tsx';
import styles from './Problem.module.css';

const problemMessages = messages(
  {
    unreachable: 'The server cannot be reached.',
    unexpected: 'The server gave an unexpected answer.',
    again: 'Try again',
  },
  { unreachable: '无法连接到服务器。', unexpected: '服务器返回了意外的响应。', again: '重试' },
);

interface ProblemProps {
  /** A text, or an error of the client; null shows nothing. */
  readonly failure: unknown;
  readonly onRetry?: () => void;
}

export const Problem = ({ failure, onRetry }: ProblemProps) => {
  const text = useText(problemMessages);
  if (failure === null || failure === undefined) return null;
  return (
    <div role="alert" className={styles.problem}>
      {failure instanceof Refused ? (
        <p>
          {String(failure.problem['detail'] ?? failure.problem['title'])} <code>{failure.code}</code>
        </p>
      ) : (
        <p>{typeof failure === 'string' ? failure : textOf(failure, text)}</p>
      )}
      {onRetry ? (
        <button type="button" className={styles.again} onClick={onRetry}>
          {text.again}
        </button>
      ) : null}
    </div>
  );
};

const textOf = (
  failure: unknown,
  text: { readonly unreachable: string; readonly unexpected: string },
): string =>
  failure instanceof UnexpectedAnswer ? `${text.unexpected} ${failure.message}` : text.unreachable;
