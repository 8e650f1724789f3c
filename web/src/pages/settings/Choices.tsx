/** Several of a few. */
import type { Option } from '../../parts/Field.tsx';
import { CheckField } from '../../parts/Field.tsx';
import styles from './Settings.module.css';

interface ChoicesProps<Value extends string> {
  readonly label: string;
  readonly options: readonly (Option & { readonly value: Value })[];
  readonly chosen: readonly Value[];
  readonly onChange: (chosen: readonly Value[]) => void;
}

export const Choices = <Value extends string>({ label, options, chosen, onChange }: ChoicesProps<Value>) => (
  <fieldset className={styles.choices}>
    <legend>{label}</legend>
    {options.map((option) => (
      <CheckField
        key={option.value}
        label={option.label}
        isSelected={chosen.includes(option.value)}
        onChange={(isSelected) =>
          onChange(isSelected ? [...chosen, option.value] : chosen.filter((value) => value !== option.value))
        }
      />
    ))}
  </fieldset>
);

/** Ids separated by commas or blanks; none: null. */
export const idsOf = (text: string): readonly string[] | null => {
  const ids = text.split(/[\s,,]+/).filter((id) => id !== '');
  return ids.length === 0 ? null : ids;
};
