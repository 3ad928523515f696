import { ConnectionError } from '@vergeai/sdk';
import { memoryCache } from './model-cache.js';
import type { JobInfo, Outcome, WorkerOptions } from './options.js';
import { createBackoff, persist, Setback } from './patience.js';
import { pause } from './pause.js';
import { reactionTo } from './refusals.js';
import { workOnJob, type Offer } from './work-on-job.js';

const DEFAULT_WAIT_SEC = 30;
/**
 * Something between may answer a long poll at once, and a server that contradicts itself may offer a job that is over: a
 * device must not ask in a tight loop.
 */
const SHORTEST_ROUND_MS = 500;

export interface RunOptions {
  /** Ends after so many updates were accepted. Default: never. */
  readonly maxJobs?: number | undefined;
}

export interface StopOptions {
  /** Ends the job under way too: its signal aborts, its update is not sent, and another device is drawn. */
  readonly abandon?: boolean | undefined;
}

/** A device that waits for jobs, trains them and submits what came of it. */
export interface DeviceWorker {
  /**
   * Works until `stop` is called, or `maxJobs` updates were accepted; resolves with how many were. Outlives restarts of
   * the server: what has been trained is kept and sent when the server is back.
   * @throws what the server says when the device can do nothing more: AuthenticationError when its key was revoked,
   * NotFound when the project is gone.
   */
  run(options?: RunOptions): Promise<number>;
  /** Ends `run` after the job under way has been submitted; resolves once it has ended. */
  stop(options?: StopOptions): Promise<void>;
}

/**
 * Does everything but the training: waits for a job, keeps its lease, fetches and checks the start model, submits the
 * update, reports failures.
 *
 * @example
 * const worker = createWorker({
 *   client: new VergeAI({ apiKey: deviceKey }),
 *   projectId,
 *   async train({ model, hyperparameters, signal, report }) {
 *     const weight = floats(model, 'weight');
 *     …
 *     report({ loss });
 *     return { model, numExamples: examples.length };
 *   },
 * });
 * await worker.run();
 */
export function createWorker(options: WorkerOptions): DeviceWorker {
  const cache = options.cache ?? memoryCache();
  const hooks = quietly(options);
  const log = (line: string) => hooks.log?.(line);
  let running: Run | undefined;

  return {
    async run({ maxJobs = Infinity } = {}) {
      if (running) throw new Error('The worker is running already.');
      const run = newRun();
      running = run;
      try {
        return await loop(run, maxJobs);
      } finally {
        running = undefined;
        run.ended();
      }
    },
    async stop({ abandon = false } = {}) {
      const run = running;
      if (!run) return;
      run.stop.abort();
      if (abandon) run.abandon.abort(new Error('The worker was stopped.'));
      await run.end;
    },
  };

  async function loop(run: Run, maxJobs: number): Promise<number> {
    const stop = run.stop.signal;
    const failures = createBackoff();
    let known = false;
    let accepted = 0;
    while (!stop.aborted && accepted < maxJobs) {
      const askedAt = performance.now();
      let offer: Offer | undefined;
      try {
        offer = await nextJob(stop, known);
      } catch (error) {
        if (stop.aborted) break;
        throw error instanceof Setback ? error.error : error;
      }
      known = true;
      const outcome = offer && (await work(offer, run.abandon.signal));
      if (outcome === 'submitted') accepted++;
      // A job that can't be done here may be offered again until its failure is known.
      if (outcome === 'failed') await failures.pause(undefined, stop);
      else if (outcome) failures.reset();
      if (!outcome || outcome === 'closed') await pause(SHORTEST_ROUND_MS - (performance.now() - askedAt), stop);
    }
    return accepted;
  }

  /** `known`: the API has answered this run before, so that its address is not wrong. */
  async function nextJob(signal: AbortSignal, known: boolean): Promise<Offer | undefined> {
    const react = (error: unknown) => {
      const reaction = reactionTo(error, 'next_job');
      return reaction === 'again_if_known' && known ? 'again' : reaction;
    };
    let told = known;
    const onAgain = (error: unknown) => {
      log(`can't ask for a job, coming back: ${String(error)}`);
      // It may come about by itself, or never: a browser does not say which.
      if (!told && error instanceof ConnectionError) hooks.onError?.(error);
      told ||= error instanceof ConnectionError;
    };
    const wait = options.waitSec ?? DEFAULT_WAIT_SEC;
    const { body } = await persist({ react, signal, onAgain }, () =>
      options.client.Device.next_job({ project_id: options.projectId, wait }, { signal, maxRetries: 0 }),
    );
    return body.job_id === undefined ? undefined : body;
  }

  async function work(offer: Offer, abandon: AbortSignal): Promise<Outcome> {
    const job: JobInfo = { id: offer.job_id, experimentId: offer.experiment_id, sequence: offer.sequence };
    log(`job ${job.id}, number ${job.sequence} of experiment ${job.experimentId}`);
    hooks.onJob?.(job);
    const outcome = await workOnJob(job, offer, { options: hooks, cache, abandon, log });
    log(`job ${job.id}: ${outcome}`);
    hooks.onEnd?.(job, outcome);
    return outcome;
  }
}

interface Run {
  readonly stop: AbortController;
  readonly abandon: AbortController;
  readonly end: Promise<void>;
  ended(): void;
}

function newRun(): Run {
  let ended!: () => void;
  const end = new Promise<void>((resolve) => (ended = resolve));
  return { stop: new AbortController(), abandon: new AbortController(), end, ended };
}

/** The same options, but a hook that throws is the hook's own misfortune, not the job's. */
function quietly(options: WorkerOptions): WorkerOptions {
  const quiet =
    <Parts extends unknown[]>(hook: ((...parts: Parts) => void) | undefined) =>
    (...parts: Parts) => {
      try {
        hook?.(...parts);
      } catch {
        // Nobody is left to tell.
      }
    };
  return { ...options, onJob: quiet(options.onJob), onEnd: quiet(options.onEnd), onError: quiet(options.onError), log: quiet(options.log) };
}
