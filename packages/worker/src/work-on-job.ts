import type { VergeAI } from '@vergeai/sdk';
import { fetchModel } from './fetch-model.js';
import { keepLease } from './lease.js';
import { Metrics } from './metrics.js';
import type { ModelCache } from './model-cache.js';
import { decodeWithLayout } from './model/decode-model.js';
import { encodeWithLayout } from './model/encode-model.js';
import type { Evaluation, JobInfo, Outcome, Training, TrainingResult, WorkerOptions } from './options.js';
import { Setback } from './patience.js';
import { Progress } from './progress.js';
import { Reports } from './reports.js';
import { reportFailure } from './report-failure.js';
import { submitUpdate, type FinishedEvaluation, type FinishedUpdate } from './submit-update.js';

type Answer = Awaited<ReturnType<VergeAI['Device']['next_job']>>['body'];
/** A job as `next_job` gives it. */
export type Offer = Extract<Answer, { job_id: string }>;

export interface JobContext {
  readonly options: WorkerOptions;
  readonly cache: ModelCache;
  /** Aborts when the worker is told to abandon the job. */
  readonly abandon: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * One job from the offer to the update.
 * @throws what the server says when the device can do nothing more, for instance because its key does not count any more.
 */
export async function workOnJob(job: JobInfo, offer: Offer, context: JobContext): Promise<Outcome> {
  const { options, abandon, log } = context;
  const { client, projectId } = options;
  const over = new AbortController();
  const abandoned = () => over.abort(new Error('The worker was told to abandon the job.'));
  if (abandon.aborted) abandoned();
  else abandon.addEventListener('abort', abandoned, { once: true });
  let lost: Setback | undefined;
  const progress = new Progress();
  const lease = keepLease({
    client,
    projectId,
    jobId: job.id,
    log,
    durationSec: offer.lease.duration_sec,
    heartbeatSec: options.heartbeatSec,
    progress,
    onLost: (why) => {
      lost = why;
      over.abort(why.error);
    },
  });
  const reports = new Reports({ client, projectId, jobId: job.id, log });
  try {
    const work: typeof train | typeof evaluate = offer.kind === 'EVALUATE' ? evaluate : train;
    const update = await unlessOver<FinishedUpdate | FinishedEvaluation>(work(job, offer, over.signal, context, (values, step) => {
      reports.add(values, step);
      progress.note(values, step);
    }), abandon);
    // From here on the server's answer to the update decides. A heartbeat may say that the job does not wait for
    // this device any more just because the update has arrived.
    over.signal.throwIfAborted();
    await reports.flush();
    await submitUpdate(client, update, { format: offer.model.format, upload: offer.upload }, abandon, log);
    await reports.flush();
    return 'submitted';
  } catch (error) {
    const failed = (reason: string) => reportFailure(client, { project_id: projectId, job_id: job.id, reason }, abandon, log);
    if (abandon.aborted) {
      await failed('The device was stopped.');
      return 'abandoned';
    }
    const setback = lost ?? (error instanceof Setback ? error : new Setback(error, 'report'));
    if (setback.reaction === 'stop') throw setback.error;
    if (setback.reaction === 'let_go') {
      log(`job ${job.id} is over for this device: ${setback.message}`);
      return 'closed';
    }
    options.onError?.(setback.error, job);
    await failed(setback.message);
    return 'failed';
  } finally {
    lease.letGo();
    reports.end();
    abandon.removeEventListener('abort', abandoned);
  }
}

/** The finished update, as it will be sent. */
async function train(job: JobInfo, offer: Offer, signal: AbortSignal, context: JobContext, onReport: Training['report']): Promise<FinishedUpdate> {
  const { options, log } = context;
  const { ids, layout, model } = await givenModel(job, offer, signal, context);
  const metrics = new Metrics(log);
  const report = reporting(metrics, onReport);
  const { hyperparameters, config, training } = offer;
  const requiredMetrics = training?.required_metrics ?? [];
  const loss = requiredMetrics.length > 0 ? await options.measureLoss?.({ model, hyperparameters, config, job, signal }) : undefined;
  signal.throwIfAborted();
  const result = await options.train({ model, hyperparameters, config, proximalMu: training?.proximal_mu ?? 0, requiredMetrics, job, signal, report });
  signal.throwIfAborted();
  requireResult(result);
  metrics.add(result.metrics ?? {});
  if (loss !== undefined) metrics.add(Object.fromEntries(requiredMetrics.map((name) => [name, loss])));
  return { ...ids, num_examples: result.numExamples, metrics: metrics.all(), model: encodeWithLayout(layout, result.model) };
}

/** What was measured of the given model, as it will be sent. */
async function evaluate(job: JobInfo, offer: Offer, signal: AbortSignal, context: JobContext, onReport: Evaluation['report']): Promise<FinishedEvaluation> {
  const { options, log } = context;
  if (!options.evaluate) throw new Error('This job only evaluates, and the worker of this device was made without `evaluate`.');
  const { ids, model } = await givenModel(job, offer, signal, context);
  const metrics = new Metrics(log);
  const { hyperparameters, config } = offer;
  const result = await options.evaluate({ model, hyperparameters, config, job, signal, report: reporting(metrics, onReport) });
  signal.throwIfAborted();
  requireWeight(result?.numExamples);
  metrics.add(result?.metrics ?? {});
  const measured = metrics.all();
  if (!measured) throw new TypeError('evaluate must give or report at least one metric that is finite.');
  return { ...ids, num_examples: result?.numExamples, metrics: measured };
}

/** The model that the job starts from. */
async function givenModel(job: JobInfo, offer: Offer, signal: AbortSignal, { options, cache, log }: JobContext) {
  const { client, projectId } = options;
  const ids = { project_id: projectId, job_id: job.id };
  const wanted = { url: offer.model_url, size: offer.model.size, sha256: offer.model.sha256 };
  const freshUrl = async () => (await client.Job.start_model(ids, { signal, maxRetries: 0 })).body.model_url;
  const bytes = await fetchModel(wanted, { client, cache, signal, log, freshUrl });
  return { ids, ...decodeWithLayout(bytes, offer.model.format) };
}

const reporting =
  (metrics: Metrics, onReport: Training['report']): Training['report'] =>
  (values, step) => {
    metrics.add(values);
    onReport(values, step);
  };

/** Types tell this to those who have them. */
function requireResult(result: TrainingResult | undefined): asserts result is TrainingResult {
  if (typeof result?.model !== 'object') throw new TypeError('train must return { model }, the trained tensors by name.');
  requireWeight(result.numExamples);
}

function requireWeight(numExamples: number | undefined): void {
  if (numExamples !== undefined && !(numExamples > 0 && numExamples < Infinity)) {
    throw new RangeError(`numExamples must be more than 0 and finite, not ${numExamples}.`);
  }
}

/** Does not wait for a training that looks away when it is abandoned. */
function unlessOver<T>(promise: Promise<T>, abandon: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(abandon.reason as Error);
    if (abandon.aborted) end();
    abandon.addEventListener('abort', end, { once: true });
    promise.then(resolve, reject).finally(() => abandon.removeEventListener('abort', end));
  });
}
