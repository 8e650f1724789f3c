/** Labelled inputs of a form. */
import { useId } from 'react';
import {
  TextField as AriaTextField,
  Checkbox,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  type TextFieldProps,
} from 'react-aria-components';
import styles from './Field.module.css';

interface FieldProps extends TextFieldProps {
  readonly label: string;
  /** What is expected, below the input. */
  readonly hint?: string;
  /** Why the value is refused. */
  readonly error?: string | undefined;
  readonly isLong?: boolean;
}

export const TextField = ({ label, hint, error, isLong = false, ...props }: FieldProps) => (
  <AriaTextField {...props} isInvalid={error !== undefined} className={styles.field ?? ''}>
    <Label>{label}</Label>
    {isLong ? <TextArea className={styles.input ?? ''} rows={4} /> : <Input className={styles.input ?? ''} />}
    {hint === undefined ? null : (
      <Text slot="description" className={styles.hint ?? ''}>
        {hint}
      </Text>
    )}
    <FieldError className={styles.error ?? ''}>{error}</FieldError>
  </AriaTextField>
);

interface CheckFieldProps {
  readonly label: string;
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
}

export const CheckField = ({ label, isSelected, onChange }: CheckFieldProps) => (
  <Checkbox isSelected={isSelected} onChange={onChange} className={styles.check ?? ''}>
    <span className={styles.box} aria-hidden="true" />
    {label}
  </Checkbox>
);

export interface Option {
  readonly value: string;
  readonly label: string;
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

/** A choice from few: the platform's own select, which every device knows how to show. */
export const SelectField = ({ label, value, options, onChange }: SelectFieldProps) => {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className={styles.input}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
};
