import { Field } from '../../../../ui/field.js';
import { errorAt } from '../../../../ui/field-errors.js';
import type { Change, Draft } from './draft.js';
import form from '../../../../ui/form-page.module.css';

/** How many jobs train each fork, and how each of them goes. */
export function JobFields({ draft: { jobs, devices, spares, limit, patience }, change, error }: { draft: Draft; change: Change; error: unknown }) {
  return (
    <div className={form.numbers}>
      <Field label="Jobs of each fork" type="number" min={1} max={100} required value={jobs} error={errorAt(error, '/num_jobs')} onChange={({ target }) => change({ jobs: target.value })} />
      <Field label="Devices each" type="number" min={1} required value={devices} error={errorAt(error, '/job/num_devices')} onChange={({ target }) => change({ devices: target.value })} />
      <Field label="Spares" type="number" min={0} required hint="Drawn too, for those that fail" value={spares} error={errorAt(error, '/job/num_buffer_devices')} onChange={({ target }) => change({ spares: target.value })} />
      <Field label="Time limit, in seconds" type="number" min={0} step="any" hint="Of each job; empty for none" value={limit} error={errorAt(error, '/job/termination_criteria')} onChange={({ target }) => change({ limit: target.value })} />
      <Field label="Stop a fork after" type="number" min={1} max={100} hint="So many jobs that are no better; empty for never" value={patience} error={errorAt(error, '/job/stop_when')} onChange={({ target }) => change({ patience: target.value })} />
    </div>
  );
}
