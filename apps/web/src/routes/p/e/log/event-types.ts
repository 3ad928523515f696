import type { EventType } from '@vergeai/sdk';

/** Those of a job first: they are what is looked for most. */
const types = {
  job_initialized: true,
  job_in_progress: true,
  job_waiting: true,
  model_update_submitted: true,
  evaluation_submitted: true,
  device_replaced: true,
  job_aggregation_in_progress: true,
  job_completed: true,
  job_cancelled: true,
  job_failed: true,
  current_model_changed: true,
  best_model_changed: true,
  server_state_restarted: true,
  series_created: true,
  series_stopped: true,
  sweep_created: true,
  sweep_completed: true,
  experiment_created: true,
  experiment_forked: true,
  experiment_updated: true,
  experiment_paused: true,
  experiment_resumed: true,
  start_model_submitted: true,
} satisfies Record<EventType, true>;

/** Every type that this version knows. */
export const eventTypes = Object.keys(types) as readonly EventType[];

/** Those of a list, separated by commas, that this version knows, in their order; undefined when there are none. */
export function knownTypes(list: string | undefined): string | undefined {
  const asked = list?.split(',') ?? [];
  return eventTypes.filter((type) => asked.includes(type)).join(',') || undefined;
}

/** `model_update_submitted` → "Model update submitted" */
export const words = (type: string): string => (type.charAt(0).toUpperCase() + type.slice(1)).replaceAll('_', ' ');
