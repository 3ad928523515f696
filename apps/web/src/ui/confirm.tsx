import { useRef, type ReactNode } from 'react';
import { Button } from './button.js';
import styles from './confirm.module.css';

interface Props {
  readonly label: string;
  readonly question: string;
  readonly isPending: boolean;
  readonly act: () => void;
  /** What will be different afterwards. */
  readonly children: ReactNode;
}

/** A button for what cannot be taken back: it asks before it does it. */
export function Confirm({ label, question, isPending, act, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <Button look="danger" disabled={isPending} onClick={() => dialog.current?.showModal()}>
        {label}
      </Button>
      <dialog
        ref={dialog}
        className={styles.dialog}
        aria-label={question}
        onClose={({ currentTarget }) => {
          if (currentTarget.returnValue === 'yes') act();
          currentTarget.returnValue = '';
        }}
      >
        <form method="dialog" className={styles.form}>
          <h2>{question}</h2>
          <p>{children}</p>
          <div className={styles.choice}>
            <Button type="submit" value="no" autoFocus>
              Leave it
            </Button>
            <Button type="submit" value="yes" look="danger">
              {label}
            </Button>
          </div>
        </form>
      </dialog>
    </>
  );
}
