/** What the linter found in a draft: problems with their path, and cliffs. */
import { counted, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Problem } from '../../../parts/Problem.tsx';
import { Table } from '../../../parts/Table.tsx';
import styles from './Draft.module.css';
import { draftMessages } from './messages.ts';
import type { Check, Findings } from './use-check.ts';

export const Found = ({ check }: { readonly check: Check }) => (
  <div className={styles.found}>
    <p role="status" className={styles.status}>
      {useSummary(check)}
    </p>
    {check.state === 'failed' ? <Problem failure={check.failure} /> : null}
    {check.state === 'checked' ? <Tables findings={check.findings} /> : null}
  </div>
);

const useSummary = (check: Check): string => {
  const text = useText(draftMessages);
  switch (check.state) {
    case 'empty':
      return text.empty;
    case 'checking':
      return text.checking;
    case 'unreadable':
      return check.failure === '' ? text.unreadable : `${text.unreadable}: ${String(check.failure)}`;
    case 'failed':
      return '';
    case 'checked': {
      const { problems, truncated } = check.findings;
      return problems.length === 0
        ? text.clean
        : text.problems(counted(truncated?.problems ?? problems.length));
    }
  }
};

const Tables = ({ findings: { problems, warnings, truncated } }: { readonly findings: Findings }) => {
  const text = useText(draftMessages);
  const cliffs = text.cliffs(counted(truncated?.warnings ?? warnings.length));
  return (
    <>
      {problems.length === 0 ? null : (
        <Table
          caption={text.problems(counted(problems.length))}
          rows={problems}
          keyOf={({ path, message }, i) => `${i} ${path} ${message}`}
          columns={[
            { name: text.path, cell: ({ path }) => <code className={styles.path}>{path}</code> },
            { name: text.message, cell: ({ message }) => message },
          ]}
        />
      )}
      {warnings.length === 0 ? null : (
        <details>
          <summary>{cliffs}</summary>
          <Table
            caption={cliffs}
            rows={warnings}
            keyOf={({ meter, at }) => `${meter} ${at}`}
            columns={[
              { name: text.meter, cell: ({ meter }) => <code className={styles.path}>{meter}</code> },
              { name: text.at, isNumber: true, cell: ({ at }) => counted(at) },
              { name: text.costs, isNumber: true, cell: ({ costs }) => yuan(costs) },
              { name: text.next, isNumber: true, cell: ({ next }) => yuan(next) },
            ]}
          />
        </details>
      )}
    </>
  );
};
