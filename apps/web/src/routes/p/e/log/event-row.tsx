import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { EventEntry } from '@vergeai/sdk';
import type { Ref } from 'react';
import { ask } from '../../../../api/ask.js';
import { eventNumber } from './events.js';
import { words } from './event-types.js';
import table from '../../../../rows/table.module.css';
import styles from './page.module.css';

interface Place {
  readonly project: string;
  readonly experiment: string;
  readonly number: number;
  /** Where it stands in the list, from 0. */
  readonly index: number;
  /** Somebody went to it. */
  readonly isMeant: boolean;
  readonly measure: Ref<HTMLTableRowElement>;
}

/** An event of the whole log: it is there by its number, before it is read. */
export function NumberedRow(place: Place) {
  const { data: event } = useQuery(eventNumber(place.project, place.experiment, place.number));
  return <EventRow {...place} event={event} />;
}

export function EventRow({ project, experiment, number, index, isMeant, measure, event }: Place & { readonly event: EventEntry | undefined }) {
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2} className={styles.row} {...(isMeant && { 'aria-current': true })}>
      <th scope="row" className={table.number} tabIndex={-1} data-row={index}>
        {number}
      </th>
      <td className={styles.when}>{event && <When at={event.created_at} />}</td>
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
      <td className={`${table.quiet} ${styles.about}`}>
        {event?.job_id && <JobLink project={project} experiment={experiment} job_id={event.job_id} />}
        {event?.device_id && (
          <div>
            <Link from="/p/$project/e/$experiment/log" to="/p/$project/e/$experiment/log" params={{ project, experiment }} search={(before) => ({ ...before, device: event.device_id!, at: undefined })} title="Only events about this device">
              device {event.device_id.slice(0, 8)}
            </Link>
          </div>
        )}
      </td>
    </tr>
  );
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short' });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** In two lines where there is no room for one. */
const When = ({ at }: { at: string }) => (
  <time dateTime={at}>
    <span>{day.format(new Date(at))}</span> <span>{clock.format(new Date(at))}</span>
  </time>
);

function JobLink({ project, experiment, job_id }: { project: string; experiment: string; job_id: string }) {
  const { data: number } = useQuery({ ...ask('experiment.get', { project_id: project, experiment_id: experiment }), select: ({ jobs }) => jobs.indexOf(job_id) + 1 });
  if (!number) return <>job {job_id.slice(0, 8)}</>;
  return (
    <Link to="/p/$project/e/$experiment/j/$number" params={{ project, experiment, number: String(number) }}>
      job {number}
    </Link>
  );
}

/** What there is to tell in a line: texts and numbers; the rest is below, on demand. */
const brief = (data: object): string =>
  Object.entries(data)
    .filter(([name, value]) => name !== 'sha256' && (typeof value === 'string' || typeof value === 'number'))
    .map(([name, value]) => (name === 'reason' ? String(value) : `${name.replaceAll('_', ' ')} ${String(value).slice(0, 80)}`))
    .join(' · ');
