import { useQuery } from '@tanstack/react-query';
import { ask } from '../../../../api/ask.js';
import { Button } from '../../../../ui/button.js';
import { inputClass } from '../../../../ui/field.js';
import { Popover } from '../../../../ui/popover.js';
import { selectClass } from '../../../../ui/select.js';
import { DeviceFilter } from './device-filter.js';
import { eventTypes, words } from './event-types.js';
import type { LogSearch } from './search.js';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly experiment: string;
  readonly search: LogSearch;
  readonly change: (changes: LogSearch) => void;
}

/** Which events are shown, and in which order. */
export function Filters({ project, experiment, search, change }: Props) {
  const chosen = search.types?.split(',') ?? [];
  const { data: jobs = 0 } = useQuery({ ...ask('experiment.get', { project_id: project, experiment_id: experiment }), select: (body) => body.jobs.length });
  return (
    <search className={styles.tools}>
      <select className={selectClass} aria-label="Order" value={search.order ?? 'asc'} onChange={({ target }) => change({ order: target.value === 'desc' ? 'desc' : undefined })}>
        <option value="asc">Oldest first</option>
        <option value="desc">Newest first</option>
      </select>
      <Popover label={chosen.length === 0 ? 'All types' : `Types: ${chosen.length}`}>
        <fieldset className={styles.types}>
          <legend>Types</legend>
          {eventTypes.map((type) => (
            <label key={type}>
              <input
                type="checkbox"
                checked={chosen.includes(type)}
                onChange={({ target }) => change({ types: eventTypes.filter((each) => (each === type ? target.checked : chosen.includes(each))).join(',') || undefined, at: undefined })}
              />
              {words(type)}
            </label>
          ))}
          <Button onClick={() => change({ types: undefined, at: undefined })}>All types</Button>
        </fieldset>
      </Popover>
      {search.job === undefined ? (
        <form
          className={styles.jump}
          onSubmit={(event) => {
            event.preventDefault();
            change({ job: Number(new FormData(event.currentTarget).get('job')), at: undefined });
          }}
        >
          <input className={`${inputClass} ${styles.number}`} name="job" type="number" min={1} max={Math.max(1, jobs)} aria-label="Number of a job" placeholder="Job" required />
          <Button type="submit">Only this job</Button>
        </form>
      ) : (
        <Button aria-label={`Job ${search.job}, clear`} onClick={() => change({ job: undefined, at: undefined })}>
          Job {search.job} ×
        </Button>
      )}
      <DeviceFilter project={project} device={search.device} choose={(device) => change({ device, at: undefined })} />
    </search>
  );
}
