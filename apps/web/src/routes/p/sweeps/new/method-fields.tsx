import { useId } from 'react';
import { Field } from '../../../../ui/field.js';
import { errorAt } from '../../../../ui/field-errors.js';
import type { Change, Draft } from './draft.js';
import form from '../../../../ui/form-page.module.css';

/** Every combination, or so many at random. */
export function MethodFields({ draft: { method, count, seed }, change, error }: { draft: Draft; change: Change; error: unknown }) {
  const id = useId();
  return (
    <>
      <div className={form.choices} role="radiogroup" aria-label="Which of them are tried">
        <label className={form.choice}>
          <input type="radio" name={id} checked={method === 'grid'} onChange={() => change({ method: 'grid' })} />
          Every combination
        </label>
        <label className={form.choice}>
          <input type="radio" name={id} checked={method === 'random'} onChange={() => change({ method: 'random' })} />
          Some, drawn at random
        </label>
      </div>
      {method === 'random' && (
        <div className={form.numbers}>
          <Field label="Forks" type="number" min={1} max={256} required value={count} error={errorAt(error, '/count')} onChange={({ target }) => change({ count: target.value })} />
          <Field label="Seed" type="number" min={0} hint="The same draws the same; empty for any" value={seed} error={errorAt(error, '/seed')} onChange={({ target }) => change({ seed: target.value })} />
        </div>
      )}
    </>
  );
}
