import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { SignInForm } from './sign-in-form.js';
import styles from './session-over.module.css';

/**
 * Over the page of somebody whose session has ended. What is typed on it stays there, and after signing in all of it is asked
 * for again.
 */
export function SessionOver({ reason }: { reason: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const queries = useQueryClient();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="session-over" onCancel={(event) => event.preventDefault()}>
      <h2 id="session-over">You are signed out</h2>
      <p>{reason}</p>
      <SignInForm done={() => void queries.invalidateQueries()} />
    </dialog>
  );
}
