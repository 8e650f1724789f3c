/** A file from this machine. */
import { useId } from 'react';
import styles from './Verify.module.css';

interface FilePickProps {
  readonly label: string;
  readonly hint: string;
  readonly file: Blob | null;
  readonly onPick: (file: File) => void;
}

export const FilePick = ({ label, hint, file, onPick }: FilePickProps) => {
  const id = useId();
  return (
    <div className={styles.pick}>
      <label htmlFor={id}>{label}</label>
      <p>{file instanceof File ? file.name : hint}</p>
      <input
        id={id}
        type="file"
        onChange={(event) => {
          const [picked] = event.currentTarget.files ?? [];
          if (picked) onPick(picked);
        }}
      />
    </div>
  );
};
