import type { CallOptions } from '../call-options.js';
import type { Context } from '../context.js';
import { TimeoutError } from '../errors.js';
import type { EventEntry } from '../events.js';
import type { Experiments } from '../generated/resources.js';
import { compose } from '../operations/compose.js';
import { requireOperation } from '../operations/operations.js';
import { pause } from '../pause.js';
import { backoff, isPassing } from '../retry.js';
import { openStream } from './stream.js';

const POLL_MS = 2_000;
export const LONGEST_BACKOFF_MS = 60_000;

/** Whose log to follow. */
export interface FollowInput {
  /** Which project. */
  project_id: string;
  /** Which experiment. */
  experiment_id: string;
  /** The number of the last event that is known already; all of them are told when it is left out. */
  after?: number | undefined;
}

/** How events come: as they happen, by asking now and then, or not at all for the moment. */
export type Connection = 'live' | 'polling' | 'lost';

/** How to follow. */
export interface FollowOptions extends Omit<CallOptions, 'idempotencyKey'> {
  /** `idle`: ends by itself when no job runs or waits, and all that happened has been told. Default: never. */
  readonly until?: 'idle' | undefined;
  /** Called whenever it changes how events come; with the reason when the connection is lost. It is being restored then. */
  readonly onConnection?: ((connection: Connection, error?: unknown) => void) | undefined;
}

export type Follow = (input: FollowInput, options?: FollowOptions) => AsyncGenerator<EventEntry, void>;

const ENDS: ReadonlySet<string> = new Set(['job_completed', 'job_cancelled', 'job_failed']);

/** Whether an event is the end of a job. */
export const endsJob = ({ type }: EventEntry): boolean => ENDS.has(type);

/**
 * The events of an experiment as they happen, each once and in order, through every loss of the connection: by event stream,
 * and by asking now and then where something in between lets none through.
 */
export const follower = (experiments: Experiments, context: Context): Follow =>
  async function* ({ after: known = 0, ...ids }, { until, onConnection, ...call } = {}) {
    const { signal } = call;
    const once = { ...call, maxRetries: 0 };
    const maxRetries = call.maxRetries ?? context.settings.maxRetries;
    const { url } = compose(context.settings.baseUrl, requireOperation('experiment.events'), ids);
    let after = known;
    let connection: Connection | undefined;
    let failures = 0;
    let heard = false;
    let polling = false;

    function became(now: Connection, error?: unknown): void {
      if (now !== connection) onConnection?.(now, error);
      connection = now;
    }

    /** Something came, be it only a sign of life. */
    function came(): void {
      heard = true;
      failures = 0;
    }

    /** Those that have not been told yet. */
    async function* news(events: AsyncIterable<EventEntry>): AsyncGenerator<EventEntry, void> {
      for await (const event of events) {
        if (!(event.sequence > after)) continue;
        after = event.sequence;
        yield event;
      }
    }

    async function* stream(): AsyncGenerator<EventEntry, void> {
      try {
        const events = await openStream<EventEntry>({ url, after, onBytes: came }, context, call);
        if (!events) return void (polling = true);
        became('live');
        yield* events;
      } catch (error) {
        // Something in between keeps streams until they end.
        polling ||= !heard && error instanceof TimeoutError;
        throw error;
      }
    }

    async function* polls(): AsyncGenerator<EventEntry, void> {
      for (;;) {
        const events = experiments.events({ ...ids, after }, once);
        await events;
        failures = 0;
        became('polling');
        yield* events;
        await pause(POLL_MS * (0.75 + Math.random() / 2), signal);
      }
    }

    /** What is left to tell of an experiment that is idle; true when that was all. */
    async function* rest(): AsyncGenerator<EventEntry, boolean> {
      for (let more = true; more; ) {
        if ((await experiments.get(ids, once)).body.is_active) return false;
        more = false;
        for await (const event of news(experiments.events({ ...ids, after }, once))) {
          more ||= event.type === 'job_initialized';
          yield event;
        }
      }
      return true;
    }

    for (;;) {
      let lost: unknown;
      try {
        if (until && (yield* rest())) return;
        for await (const event of news(polling ? polls() : stream())) {
          yield event;
          if (until && endsJob(event) && (yield* rest())) return;
        }
      } catch (error) {
        signal?.throwIfAborted();
        // What has never answered may never do so.
        if (!isPassing(error) || (!connection && failures >= maxRetries)) throw error;
        lost = error;
      }
      if (polling && !lost) continue;
      if (connection) became('lost', lost);
      await pause(backoff(lost, ++failures) ?? LONGEST_BACKOFF_MS, signal);
    }
  };
