import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import styles from './field.module.css';

type Props = InputHTMLAttributes<HTMLInputElement> & { label: string; hint?: ReactNode; error?: string | undefined };

/** A labelled input. What the server said of it is told beside it; what is wrong with the rest, by its form. */
export function Field({ label, hint, error, className = '', ...input }: Props) {
  const id = useId();
  const told = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={`${styles.field} ${className}`}>
      <label htmlFor={id}>{label}</label>
      <input id={id} className={styles.input} {...(told !== '' && { 'aria-describedby': told })} {...(error !== undefined && { 'aria-invalid': true })} {...input} />
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}

/** For inputs that stand in a bar and have their label in `aria-label`. */
export const inputClass = styles.input!;
