import { z } from 'zod';
import { answeredStrategy } from '../aggregation-strategy.js';
import { answeredKeepBest, answeredStopWhen } from '../goal.js';
import { modelFormat } from '../model.js';

interface EventKind {
  /** When it is written, as a sentence of the docs. */
  readonly when: string;
  /**
   * What it tells of: the experiment alone, one of its jobs (`job_id` is set), a device in a job (`device_id`, too), or a model of
   * the experiment (`job_id` is the job that made it, and null for the start model).
   */
  readonly about: 'experiment' | 'job' | 'device' | 'model';
  /** Its `data` as it is written today, key for key. */
  readonly data: z.ZodObject;
}

const size = z.number().int().describe('Bytes of the model');
const sha256 = z.string().describe('SHA-256 of the model, hexadecimal');
const nothing = z.strictObject({});

/**
 * Every event that the server writes into an experiment's log, and what is in its `data`. The log keeps for ever what
 * earlier versions wrote, so a type never goes and no key changes its meaning: a key that comes later is optional, and
 * what has to say something else is a new type.
 */
export const eventCatalogue = {
  experiment_created: {
    when: 'The experiment was created.',
    about: 'experiment',
    data: z.strictObject({ name: z.string().nullable() }),
  },
  experiment_forked: {
    when: 'The experiment was made from a model of another one. Its log begins with this, in the place of `experiment_created`.',
    about: 'experiment',
    data: z.strictObject({
      from_experiment: z.string().describe('The id of the other experiment'),
      from: z.string().describe('"start", "current" or a job id: which of its models'),
      sha256,
      server_state: z.enum(['inherited', 'fresh']).optional().describe('Whether the strategy goes on with what it kept there; nothing when it keeps nothing'),
      sweep_id: z.string().optional().describe('The sweep that it is part of'),
    }),
  },
  experiment_updated: {
    when: 'Somebody changed the experiment. What was left as it is has no key.',
    about: 'experiment',
    data: z.strictObject({
      name: z.string().nullable().optional(),
      description: z.string().nullable().optional(),
      hyperparameters: z.string().optional().describe('All of them, as JSON text'),
      tags: z.array(z.string()).optional().describe('All of them'),
      archived: z.boolean().optional(),
      aggregation_strategy: answeredStrategy.optional(),
      keep_best: answeredKeepBest.nullable().optional(),
    }),
  },
  experiment_paused: {
    when: 'No further job of the experiment starts; one that runs goes on to its end.',
    about: 'experiment',
    data: z.strictObject({ reason: z.string().optional().describe('Why, in the words of who paused it') }),
  },
  experiment_resumed: {
    when: 'Jobs of the experiment start again.',
    about: 'experiment',
    data: nothing,
  },
  start_model_submitted: {
    when: 'The experiment got its start model, which also became its current model.',
    about: 'experiment',
    data: z.strictObject({ size, sha256, format: modelFormat, tensors: z.number().int().describe('How many it has') }),
  },
  series_created: {
    when: 'Jobs were asked for together. Their `job_initialized` follow.',
    about: 'experiment',
    data: z.strictObject({
      series_id: z.string(),
      num_jobs: z.number().int().describe('How many'),
      stop_when: answeredStopWhen.nullable().describe('When the rest of them is cancelled; null: never'),
    }),
  },
  sweep_created: {
    when: 'The experiment was forked to try hyperparameters. Each fork has a log of its own.',
    about: 'experiment',
    data: z.strictObject({
      sweep_id: z.string(),
      num_members: z.number().int().describe('How many forks were made'),
      num_jobs: z.number().int().describe('How many jobs each of them was given'),
    }),
  },
  sweep_completed: {
    when: 'The experiment is part of a sweep, and was the last one of it of which a job ran or waited. Once for each sweep, and never for one that was cancelled.',
    about: 'experiment',
    data: z.strictObject({ sweep_id: z.string(), num_members: z.number().int().describe('How many forks there are') }),
  },
  job_initialized: {
    when: 'A job was created and is in line.',
    about: 'job',
    data: z.strictObject({
      sequence: z.number().int().describe('Its number in the series, from 1'),
      retry_of: z.string().nullable().describe('The job that it repeats'),
      series_id: z.string().optional().describe('The series that it is part of'),
      kind: z.enum(['EVALUATE']).optional().describe('That it evaluates the current model; it trains when left out'),
    }),
  },
  job_in_progress: {
    when: 'The job started: it was the first in line and no job of its experiment was live.',
    about: 'job',
    data: nothing,
  },
  model_update_submitted: {
    when: 'The update that a device trained for the job was taken in.',
    about: 'device',
    data: z.strictObject({
      size,
      sha256,
      num_examples: z.number().nullable().describe('Its weight in the mean'),
      metrics: z.record(z.string(), z.number()).describe('What the device reported'),
    }),
  },
  evaluation_submitted: {
    when: 'What a device measured of the model that it was given was taken in. The job is one that evaluates.',
    about: 'device',
    data: z.strictObject({
      num_examples: z.number().nullable().describe('Its weight in the mean'),
      metrics: z.record(z.string(), z.number()).describe('What the device measured'),
    }),
  },
  device_replaced: {
    when: 'The job no longer waits for a device, because it failed, fell silent or was deleted.',
    about: 'device',
    data: z.strictObject({
      reason: z.string(),
      substitute: z.string().nullable().describe('The device that was drawn in its place'),
    }),
  },
  job_waiting: {
    when: 'The job cannot go on: devices that were drawn for it have not come for a minute, or its shorter `device_timeout_sec`. Once more when others have not come either.',
    about: 'job',
    data: z.strictObject({
      updates: z.number().int().describe('How many have come in'),
      num_devices: z.number().int().describe('How many are wanted'),
      num_awaited: z.number().int().describe('How many devices it waits for in vain'),
      devices: z.record(z.string(), z.string().nullable()).describe('The first 20 of them, with the time each was last seen; null: never'),
    }),
  },
  job_aggregation_in_progress: {
    when: 'The `num_devices`-th update arrived, or at least `min_devices` had come and no more were waited for: the job takes no other, and its updates are being aggregated.',
    about: 'job',
    data: z.strictObject({ updates: z.number().int().optional().describe('How many had come when no more were waited for; all of them when left out') }),
  },
  job_completed: {
    when: 'The aggregate was stored; or, of a job that evaluates, the mean of what its devices measured. Then no `current_model_changed` follows.',
    about: 'job',
    data: nothing,
  },
  current_model_changed: {
    when: 'Another model became the current one of the experiment: the aggregate of a job, right after its `job_completed`, or one from before, to which somebody rolled back.',
    about: 'model',
    data: z.strictObject({
      sha256,
      size,
      updates: z.number().int().describe('How many it was made of; 0 for the start model'),
      by: z.enum(['aggregation', 'rollback']).optional().describe('What made it so; a log from before rollbacks does not say'),
      reason: z.string().optional().describe('Why, in the words of who rolled back'),
      strategy: z.string().optional().describe('The type of the strategy; "FedAvg" when left out'),
      selected: z.number().int().optional().describe('How many of the updates count; all when left out'),
      clipped: z.number().int().optional().describe('How many of the updates were clipped'),
      clipping_norm: z.number().optional().describe('How far updates might lie from the start model'),
      state_sha256: z.string().optional().describe('SHA-256 of what the strategy keeps for the next round, hexadecimal'),
    }),
  },
  best_model_changed: {
    when: 'The model of the job is the best one so far by the metric of `keep_best`, after its `current_model_changed` or when that metric was chosen.',
    about: 'job',
    data: z.strictObject({ metric: z.string(), mode: z.enum(['min', 'max']), value: z.number().describe('What the metric was'), sha256 }),
  },
  series_stopped: {
    when: 'The job completed, and by what its devices reported the rest of its series is not worth training. Its jobs that wait are cancelled next.',
    about: 'job',
    data: z.strictObject({
      series_id: z.string(),
      rule: z.enum(['patience', 'threshold']).describe('Which part of `stop_when` was met'),
      metric: z.string(),
      value: z.number().describe('What the metric was'),
      best_value: z.number().describe('The best that it was in the series'),
      cancelled: z.number().int().describe('How many jobs are cancelled'),
      reason: z.string().describe('The same as a sentence'),
    }),
  },
  server_state_restarted: {
    when: 'The strategy of the job keeps something from round to round that the rounds before it did not leave: it began anew.',
    about: 'job',
    data: nothing,
  },
  job_cancelled: {
    when: 'The job ended because somebody asked for it or a termination criterion was met.',
    about: 'job',
    data: z.strictObject({ reason: z.string() }),
  },
  job_failed: {
    when: 'The job ended because too few devices were left or its aggregation failed five times, took twelve servers down, or made more than the project may keep or numbers that are not finite.',
    about: 'job',
    data: z.strictObject({ reason: z.string() }),
  },
} as const satisfies Record<string, EventKind>;

export type EventCatalogue = typeof eventCatalogue;
export type EventType = keyof EventCatalogue;

/** In the order of the catalogue. */
export const eventTypes = Object.keys(eventCatalogue) as readonly EventType[];

/** The `data` of an event of this type. */
export type EventData<T extends EventType> = z.output<EventCatalogue[T]['data']>;

/** What an event of this type tells of, which decides on its ids. */
export type EventSubject<T extends EventType> = EventCatalogue[T]['about'];
