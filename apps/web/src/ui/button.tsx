import type { ButtonHTMLAttributes } from 'react';
import styles from './button.module.css';

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { look?: 'plain' | 'main' | 'danger' | 'quiet' };

/** `main` is the one thing to do on a page; `danger` takes something away. */
export function Button({ look = 'plain', type = 'button', className = '', ...rest }: Props) {
  return <button type={type} className={`${styles.button} ${className}`} data-look={look} {...rest} />;
}

/** A link that looks like a button: what goes somewhere is a link. */
export const buttonClass = styles.button!;
