import { useEffect, useRef, type ReactNode } from 'react';
import styles from './page.module.css';

export type StepState = 'done' | 'current' | 'ahead';

const WORDS: Readonly<Record<StepState, string>> = { done: 'done', current: 'now', ahead: 'later' };

/** One step of several. When it is its turn, it takes the focus: who works by keyboard goes on from there. */
export function Step({ number, title, state, children }: { number: number; title: string; state: StepState; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(state);
  useEffect(() => {
    if (state === 'current' && before.current === 'ahead') heading.current?.focus();
    before.current = state;
  }, [state]);
  return (
    <li className={styles.step} data-state={state} {...(state === 'current' && { 'aria-current': 'step' })}>
      <span className={styles.number} aria-hidden="true">
        {state === 'done' ? '✓' : number}
      </span>
      <div className={styles.body}>
        <h2 ref={heading} tabIndex={-1}>
          {title} <span className={styles.hidden}>({WORDS[state]})</span>
        </h2>
        {state !== 'ahead' && children}
      </div>
    </li>
  );
}
