import type { ReactNode } from 'react';
import styles from './notice.module.css';

/** A page, or a panel, that says something instead of showing something. */
export function Notice({ title, tone = 'plain', children }: { title: string; tone?: 'plain' | 'bad'; children?: ReactNode }) {
  return (
    <section className={styles.notice} data-tone={tone} {...(tone === 'bad' && { role: 'alert' })}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
