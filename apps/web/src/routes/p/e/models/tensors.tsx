import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../../../api/ask.js';
import { Button } from '../../../../ui/button.js';
import { ErrorPanel } from '../../../../ui/error-panel.js';
import { Skeleton } from '../../../../ui/skeleton.js';
import table from '../../../../rows/table.module.css';
import styles from './page.module.css';

/** So many are shown at first, and more on demand. */
const STEP = 50;

/** What a model is made of. It is read when somebody wants to see it. */
export function Tensors({ project, experiment, point }: { project: string; experiment: string; point: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles.tensors} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Tensors</summary>
      {isOpen && <TensorTable project={project} experiment={experiment} point={point} />}
    </details>
  );
}

function TensorTable({ project, experiment, point }: { project: string; experiment: string; point: string }) {
  const [most, setMost] = useState(STEP);
  // A model never changes, and some have many tensors: it is read once.
  const { data, error, refetch } = useQuery({ ...ask('experiment.model_layout', { project_id: project, experiment_id: experiment, model: point }), refetchOnMount: false });
  if (error && !data) return <ErrorPanel what="Its tensors" error={error} again={() => void refetch()} />;
  if (!data) return <Skeleton lines={3} height="2rem" />;
  const { tensors, num_parameters } = data;
  return (
    <>
      <p className={styles.note}>
        {tensors.length.toLocaleString('en')} {tensors.length === 1 ? 'tensor' : 'tensors'}, {num_parameters.toLocaleString('en')} parameters
      </p>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Tensor</th>
            <th scope="col">Type</th>
            <th scope="col">Shape</th>
          </tr>
        </thead>
        <tbody>
          {tensors.slice(0, most).map(({ name, dtype, shape }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{dtype}</td>
              <td>{shape.length === 0 ? 'a single number' : shape.join(' × ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {tensors.length > most && <Button onClick={() => setMost(most + STEP)}>Show {Math.min(STEP, tensors.length - most)} more</Button>}
    </>
  );
}
