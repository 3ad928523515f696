import { Field } from '../../../ui/field.js';
import type { Change, Draft } from './draft.js';
import { errorAt } from '../../../ui/field-errors.js';
import styles from '../../../ui/form-page.module.css';

/** How many jobs are to train it, and how each of them goes. */
export function JobFields({ draft: { count, devices, spares, limit }, change, error }: { draft: Draft; change: Change; error: unknown }) {
  return (
    <div className={styles.numbers}>
      <Field label="Jobs" type="number" min={0} required hint="0 for none yet" value={count} error={errorAt(error, '/count')} onChange={({ target }) => change({ count: target.value })} />
      <Field label="Devices each" type="number" min={1} required value={devices} error={errorAt(error, '/num_devices')} onChange={({ target }) => change({ devices: target.value })} />
      <Field label="Spares" type="number" min={0} required hint="Drawn too, for those that fail" value={spares} error={errorAt(error, '/num_buffer_devices')} onChange={({ target }) => change({ spares: target.value })} />
      <Field label="Time limit, in seconds" type="number" min={0} step="any" hint="Of each job; empty for none" value={limit} error={errorAt(error, '/termination_criteria')} onChange={({ target }) => change({ limit: target.value })} />
    </div>
  );
}
