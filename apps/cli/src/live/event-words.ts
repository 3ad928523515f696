import type { EventEntry } from '@vergeai/sdk';
import { count, metrics } from '../output/cells.js';
import { shortText } from '../output/cell-text.js';
import { jsonText } from '../output/json-text.js';

/** Gives the number of a job in its experiment. */
export type NumberOf = (job_id: string) => number | undefined;

const short = (id: string | null): string => id?.slice(0, 8) ?? 'somebody';

/** What an event says, in a line. */
export function eventWords(event: EventEntry, numberOf: NumberOf): string {
  const job = event.job_id === null ? '' : `job ${numberOf(event.job_id) ?? short(event.job_id)}`;
  switch (event.type) {
    case 'experiment_created':
      return 'the experiment was created';
    case 'experiment_forked':
      return `forked from ${short(event.data.from_experiment)}`;
    case 'experiment_updated':
      return `changed ${Object.keys(event.data).join(', ')}`;
    case 'experiment_paused':
      return `paused: no further job starts${event.data.reason ? `: ${event.data.reason}` : ''}`;
    case 'experiment_resumed':
      return 'resumed: jobs start again';
    case 'start_model_submitted':
      return `start model: ${shortText(count(event.data.size))} bytes of ${event.data.format}, ${event.data.tensors} tensors`;
    case 'job_initialized':
      return `${job} is in line${event.data.kind === 'EVALUATE' ? ', to evaluate' : ''}${event.data.retry_of ? `, to repeat ${numberOf(event.data.retry_of) ? `job ${numberOf(event.data.retry_of)}` : short(event.data.retry_of)}` : ''}`;
    case 'series_created':
      return `${event.data.num_jobs} job${event.data.num_jobs === 1 ? '' : 's'} in a series${event.data.stop_when ? `, as long as ${event.data.stop_when.metric} is worth it` : ''}`;
    case 'sweep_created':
      return `forked ${event.data.num_members} times for a sweep, with ${event.data.num_jobs} job${event.data.num_jobs === 1 ? '' : 's'} each`;
    case 'sweep_completed':
      return `the sweep of ${event.data.num_members} is completed`;
    case 'best_model_changed':
      return `best model so far: ${job}, ${shortText(metrics({ [event.data.metric]: event.data.value }))}`;
    case 'series_stopped':
      return `the series was stopped after ${job}: ${event.data.reason}; ${event.data.cancelled} cancelled`;
    case 'job_in_progress':
      return `${job} started`;
    case 'model_update_submitted':
    case 'evaluation_submitted':
      return [`${job}: ${event.type === 'evaluation_submitted' ? 'evaluation' : 'update'} of ${short(event.device_id)}`, event.data.num_examples !== null && `${shortText(count(event.data.num_examples))} examples`, shortText(metrics(event.data.metrics))].filter(Boolean).join(', ');
    case 'device_replaced':
      return `${job}: ${short(event.device_id)} ${event.data.substitute ? `replaced by ${short(event.data.substitute)}` : 'is out'}: ${event.data.reason}`;
    case 'job_waiting':
      return `${job} waits for ${event.data.num_awaited} device${event.data.num_awaited === 1 ? '' : 's'} that did not come (${event.data.updates}/${event.data.num_devices} updates)`;
    case 'job_aggregation_in_progress':
      return event.data.updates === undefined ? `${job} has all its updates` : `${job} goes on with the ${event.data.updates} update${event.data.updates === 1 ? '' : 's'} that came`;
    case 'job_completed':
      return `${job} completed`;
    case 'current_model_changed':
      return event.data.by === 'rollback' ? `rolled back to ${short(event.data.sha256)}${event.data.reason ? `: ${event.data.reason}` : ''}` : `current model ${short(event.data.sha256)}, of ${event.data.updates} update${event.data.updates === 1 ? '' : 's'}`;
    case 'job_cancelled':
      return `${job} cancelled: ${event.data.reason}`;
    case 'job_failed':
      return `${job} failed: ${event.data.reason}`;
    default:
      // Of a newer server.
      return `${event.type} ${job} ${jsonText(event.data)}`.replace(/ +/g, ' ');
  }
}
