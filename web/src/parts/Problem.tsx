/** A refusal or a failure in words, with its code; announced when it appears. */
import { Refused, UnexpectedAnswer } from '../../../client/suanpan.ts';
import { messages, useLanguage, useText } from '../messages/language.tsx';
import styles from './Problem.module.css';
import { REFUSALS_IN_CHINESE } from './refusals.ts';

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
        <Refusal refusal={failure} />
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

/** In Chinese what the code says, and beside it the server's words about this request. */
const Refusal = ({ refusal: { code, problem } }: { readonly refusal: Refused }) => {
  const { language } = useLanguage();
  const said = language === 'zh' ? REFUSALS_IN_CHINESE[code] : undefined;
  return (
    <p>
      {said === undefined ? null : `${said}:`}
      <span lang="en">{String(problem['detail'] ?? problem['title'])}</span> <code>{code}</code>
    </p>
  );
};

const textOf = (
  failure: unknown,
  text: { readonly unreachable: string; readonly unexpected: string },
): string =>
  failure instanceof UnexpectedAnswer ? `${text.unexpected} ${failure.message}` : text.unreachable;
