import { useSyncExternalStore } from 'react';
import styles from './hidden.module.css';

/** Sentences come no faster than they can be heard. */
const PAUSE_MS = 5_000;

let said = '';
let waiting: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Tells who reads by ear what has changed, politely: of what comes within five seconds, the last is told. */
export function say(sentence: string): void {
  if (timer !== undefined) {
    waiting = sentence;
    return;
  }
  said = sentence;
  for (const tell of listeners) tell();
  timer = setTimeout(() => {
    timer = undefined;
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) say(next);
  }, PAUSE_MS);
}

/** The one live region of all pages. */
export function LiveRegion() {
  const sentence = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => said,
  );
  return (
    <div className={styles.hidden} role="status" aria-live="polite">
      {sentence}
    </div>
  );
}
