import { useParams } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { inputClass } from '../../ui/field.js';
import { useChoices } from './use-choices.js';
import styles from './palette.module.css';

/** A box to type in, and below it every place that fits: pages, and experiments by their name. */
export default function Palette({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [text, setText] = useState('');
  const [marked, setMarked] = useState(0);
  const { project } = useParams({ strict: false });
  const choices = useChoices(project, text);
  const at = Math.min(marked, choices.length - 1);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [list, at]);

  const choose = (index: number) => {
    const choice = choices[index];
    if (!choice) return;
    close();
    choice.go();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1 + choices.length };
    if (event.key === 'Enter') choose(at);
    else if (choices.length > 0 && event.key in steps) setMarked(steps[event.key]! % choices.length);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className={styles.dialog} aria-label="Go to" onClose={close}>
      <input
        className={inputClass}
        role="combobox"
        aria-label="Go to"
        aria-expanded={choices.length > 0}
        aria-controls={list}
        aria-activedescendant={choices.length > 0 ? `${list}-${at}` : undefined}
        placeholder={project === undefined ? 'A page' : 'A page or an experiment'}
        value={text}
        onKeyDown={onKeyDown}
        onChange={({ target }) => {
          setText(target.value);
          setMarked(0);
        }}
      />
      <div id={list} role="listbox" aria-label="Places" className={styles.list}>
        {choices.map(({ key, label, kind }, index) => (
          <button key={key} id={`${list}-${index}`} type="button" role="option" tabIndex={-1} aria-selected={index === at} className={styles.choice} onClick={() => choose(index)}>
            <span className={styles.label}>{label}</span>
            <span className={styles.kind}>{kind}</span>
          </button>
        ))}
      </div>
      {choices.length === 0 && <p className={styles.kind}>Nothing of that name.</p>}
    </dialog>
  );
}
