import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../../../api/ask.js';
import { Button } from '../../../../ui/button.js';
import { inputClass } from '../../../../ui/field.js';
import { numberAt } from './number-at.js';
import styles from './page.module.css';

interface Props {
  readonly project: string;
  readonly experiment: string;
  readonly count: number;
  /** Goes to an event by its number; to the newest without one. */
  readonly goTo: (number?: number) => void;
}

/** Leads to either end of the log, to an event by its number, and to a time. */
export function Jump({ project, experiment, count, goTo }: Props) {
  const client = useQueryClient();
  const [failed, setFailed] = useState<string>();
  async function goToTime(time: number) {
    const timeOf = async (number: number) => {
      // No event changes: what was asked once need not be asked again.
      const { data } = await client.query({ ...ask('experiment.events', { project_id: project, experiment_id: experiment, after: number - 1, limit: 1 }), staleTime: Infinity });
      return Date.parse(data[0]!.created_at);
    };
    try {
      goTo(await numberAt(time, count, timeOf));
      setFailed(undefined);
    } catch {
      setFailed('The time could not be looked up.');
    }
  }
  return (
    <>
      <Button onClick={() => goTo(1)}>Oldest</Button>
      <Button onClick={() => goTo()}>Newest</Button>
      <form
        className={styles.jump}
        onSubmit={(event) => {
          event.preventDefault();
          const number = Number(new FormData(event.currentTarget).get('number'));
          goTo(Math.max(1, Math.min(count, number)));
        }}
      >
        <input className={`${inputClass} ${styles.number}`} name="number" type="number" min={1} max={count} aria-label="Number of an event" placeholder="Number" required />
        <Button type="submit">Go</Button>
      </form>
      <form
        className={styles.jump}
        onSubmit={(event) => {
          event.preventDefault();
          const time = event.currentTarget.querySelector('input')!.value;
          void goToTime(new Date(time).getTime());
        }}
      >
        <input className={inputClass} name="time" type="datetime-local" step={1} aria-label="Time to go to" required />
        <Button type="submit">Go to time</Button>
      </form>
      {failed !== undefined && <p role="alert">{failed}</p>}
    </>
  );
}
