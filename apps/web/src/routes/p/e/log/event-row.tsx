import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Ref } from 'react';
import { ask } from '../../../../api/ask.js';
import { eventNumber } from './events.js';
import table from '../../../../rows/table.module.css';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly experiment: string;
  readonly number: number;
  readonly measure: Ref<HTMLTableRowElement>;
}

const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'medium' });

export function EventRow({ project, experiment, number, measure }: Props) {
  const { data: event } = useQuery(eventNumber(project, experiment, number));
  return (
    <tr ref={measure} data-index={number - 1} aria-rowindex={number + 1} className={styles.row}>
      <th scope="row" className={table.number} tabIndex={-1} data-row={number - 1}>
        {number}
      </th>
      <td>{event && <time dateTime={event.created_at}>{when.format(new Date(event.created_at))}</time>}</td>
      <td>
        {event && (
          <details className={styles.details}>
            <summary>
              {words(event.type)} <span className={table.quiet}>{brief(event.data)}</span>
            </summary>
            <pre>{JSON.stringify(event, null, 2)}</pre>
          </details>
        )}
      </td>
      <td className={table.quiet}>
        {event?.job_id && <JobLink project={project} experiment={experiment} job_id={event.job_id} />}
        {event?.device_id && <div>device {event.device_id.slice(0, 8)}</div>}
      </td>
    </tr>
  );
}

function JobLink({ project, experiment, job_id }: { project: string; experiment: string; job_id: string }) {
  const { data: number } = useQuery({ ...ask('experiment.get', { project_id: project, experiment_id: experiment }), select: ({ jobs }) => jobs.indexOf(job_id) + 1 });
  if (!number) return <>job {job_id.slice(0, 8)}</>;
  return (
    <Link to="/p/$project/e/$experiment/j/$number" params={{ project, experiment, number: String(number) }}>
      job {number}
    </Link>
  );
}

/** `model_update_submitted` → "Model update submitted" */
const words = (type: string): string => (type.charAt(0).toUpperCase() + type.slice(1)).replaceAll('_', ' ');

/** What there is to tell in a line: texts and numbers; the rest is below, on demand. */
const brief = (data: object): string =>
  Object.entries(data)
    .filter(([name, value]) => name !== 'sha256' && (typeof value === 'string' || typeof value === 'number'))
    .map(([name, value]) => (name === 'reason' ? String(value) : `${name.replaceAll('_', ' ')} ${String(value).slice(0, 80)}`))
    .join(' · ');
