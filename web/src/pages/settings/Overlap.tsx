/** For how long an old secret stays good beside a new one. */
import { useText } from '../../messages/language.tsx';
import { SelectField } from '../../parts/Field.tsx';
import { settingsMessages } from './messages.ts';

interface OverlapProps {
  /** In seconds. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export const Overlap = ({ value, onChange }: OverlapProps) => {
  const text = useText(settingsMessages);
  const options = [
    { value: '0', label: text.overlap0 },
    { value: '3600', label: text.overlap3600 },
    { value: '86400', label: text.overlap86400 },
    { value: '604800', label: text.overlap604800 },
  ];
  return <SelectField label={text.overlap} value={value} options={options} onChange={onChange} />;
};
