import { useRef, useState } from 'react';
import { Button } from '../../ui/button.js';
import { areKeysOn, bound, switchKeys } from './bindings.js';
import { useKey } from './use-key.js';
import styles from './key-list.module.css';

/** `?` shows which keys do something here. */
export function KeyList() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [shown, setShown] = useState(false);
  const show = () => {
    setShown(true);
    dialog.current?.showModal();
  };
  useKey('?', 'Which keys there are', () => (dialog.current?.open ? dialog.current.close() : show()));
  return (
    <>
      <Button look="quiet" aria-label="Which keys there are" title="Keys (?)" onClick={show}>
        ?
      </Button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby="keys" onClose={() => setShown(false)}>
        {shown && <Keys />}
        <form method="dialog">
          <Button type="submit">Close</Button>
        </form>
      </dialog>
    </>
  );
}

function Keys() {
  const [on, setOn] = useState(areKeysOn());
  return (
    <>
      <h2 id="keys">Keys on this page</h2>
      <dl className={styles.keys}>
        {bound().map(({ key, what }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className={styles.switch}>
        <input
          type="checkbox"
          checked={on}
          onChange={({ target }) => {
            switchKeys(target.checked);
            setOn(target.checked);
          }}
        />
        Single keys do something
      </label>
    </>
  );
}
