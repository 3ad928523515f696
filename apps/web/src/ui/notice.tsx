import type { ReactNode } from 'react';
import styles from './notice.module.css';

interface Props {
  readonly title: string;
  readonly tone?: 'plain' | 'bad';
  /** It is all that the page has, so that its title is the page's. */
  readonly isPage?: boolean | undefined;
  readonly children?: ReactNode;
}

/** A page, or a panel, that says something instead of showing something. */
export function Notice({ title, tone = 'plain', isPage = false, children }: Props) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <section className={styles.notice} data-tone={tone} {...(tone === 'bad' && { role: 'alert' })}>
      <Heading>{title}</Heading>
      {children}
    </section>
  );
}
