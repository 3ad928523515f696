import { useId } from 'react';
import { bytes } from '../../../ui/number.js';
import type { Change, Draft, Start } from './draft.js';
import { ForkFields } from './fork-fields.js';
import type { Values } from './hyperparameters.js';
import { RecipeModel } from './recipe-model.js';
import styles from '../../../ui/form-page.module.css';

const starts: readonly { readonly start: Start; readonly label: string }[] = [
  { start: 'file', label: 'A file' },
  { start: 'recipe', label: 'A recipe: handwritten digits, made in this tab' },
  { start: 'fork', label: 'A model of another experiment: a fork' },
  { start: 'later', label: 'None yet' },
];

interface Props {
  readonly project: string;
  readonly draft: Draft;
  readonly change: Change;
  readonly take: (values: Values) => void;
  /** The experiment is there already, so that it can't become a fork. */
  readonly isMade: boolean;
}

/** What the series of jobs begins with. */
export function StartFields({ project, draft, change, take, isMade }: Props) {
  const id = useId();
  const { start, file } = draft;
  return (
    <>
      <div className={styles.choices} role="radiogroup" aria-label="Where it comes from">
        {starts.map((one) => (
          <label key={one.start} className={styles.choice}>
            <input type="radio" name={id} checked={one.start === start} disabled={isMade && one.start === 'fork'} onChange={() => change({ start: one.start })} />
            {one.label}
          </label>
        ))}
      </div>
      {start === 'file' && (
        <div className={styles.inset}>
          <label htmlFor={`${id}-file`}>Model file</label>
          <input id={`${id}-file`} type="file" accept=".safetensors,.json" aria-describedby={`${id}-hint`} onChange={({ target }) => change({ file: target.files?.[0] })} />
          <p id={`${id}-hint`} className={styles.hint}>
            {file ? `${file.name}, ${bytes(file.size)}` : 'Safetensors, or a JSON object of tensors as nested lists.'}
          </p>
        </div>
      )}
      {start === 'recipe' && <RecipeModel made={draft.made} change={change} take={take} />}
      {start === 'fork' && <ForkFields project={project} draft={draft} change={change} take={take} />}
      {start === 'later' && <p className={styles.hint}>Jobs can be added once it has one.</p>}
    </>
  );
}
