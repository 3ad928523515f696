import { contract, type Contract } from '@vergeai/contract';
import type { Context } from './context.js';
import { modelDownload, type DownloadOptions, type ModelDownload } from './download/model-download.js';
import type { Resource } from './method-types.js';
import { requestEngine } from './request.js';
import { resource } from './resource.js';
import { readSettings, type VergeAIOptions } from './settings.js';
import { submitAndSee } from './upload/submit-and-see.js';
import { waitForCompletion, type WaitForCompletion } from './wait-for-completion.js';

/** Jobs: the contract's operations, and waiting for one to end. */
export interface JobResource extends Resource<Contract['job']> {
  /**
   * Waits until the job is COMPLETED and returns it.
   * @throws JobFailed or JobCancelled when it ended otherwise; TimeoutError after `timeoutMs` (an hour
   * by default), with the job still going on; what `Job.get` throws.
   * @example const { body } = await vergeai.Job.wait_for_completion({ project_id, job_id }, { timeoutMs: 600_000 });
   */
  readonly wait_for_completion: WaitForCompletion;
}

/**
 * The Experiments API. Each method takes one flat object and returns `{ statusCode, body }`; lists can be
 * iterated, and links to models can be read.
 *
 * Every method rejects with an `APIError` subclass for an answer that is not a success, `ConnectionError`
 * when no whole answer came, `TimeoutError`, or the reason of an aborted `signal`.
 *
 * Repeated up to `maxRetries` times, waiting as `Retry-After` says or exponentially with full jitter:
 * lost connections, timeouts, 408, 429, 502, 503, 504. That is safe for a POST because each call carries an
 * `Idempotency-Key`. 500 is not repeated.
 *
 * @example
 * const vergeai = new VergeAI({ apiKey: '...' });
 * const { body } = await vergeai.Experiment.create({ project_id });
 */
export class VergeAI {
  /** Where the API is. */
  readonly baseUrl: string;
  readonly Experiment: Resource<Contract['experiment']>;
  readonly Project: Resource<Contract['project']>;
  readonly Job: JobResource;
  readonly Device: Resource<Contract['device']>;
  /** The caller's keys. */
  readonly APIKey: Resource<Contract['auth']>;
  /** For the server admin. */
  readonly User: Resource<Contract['user']>;

  readonly #context: Context;

  /** @throws VergeAIError when there is no API key, or a setting cannot be used. */
  constructor(options: VergeAIOptions = {}) {
    const settings = readSettings(options);
    const context: Context = { baseUrl: settings.baseUrl, settings, request: requestEngine(settings) };
    const experiment = resource(contract.experiment, context);
    const job = resource(contract.job, context);
    this.baseUrl = settings.baseUrl;
    this.Experiment = { ...experiment, submit_start_model: submitAndSee(experiment, settings) };
    this.Project = resource(contract.project, context);
    this.Job = { ...job, wait_for_completion: waitForCompletion(job) };
    this.Device = resource(contract.device, context);
    this.APIKey = resource(contract.auth, context);
    this.User = resource(contract.user, context);
    this.#context = context;
  }

  /**
   * The model behind a signed link, such as the `model_url` that `Device.next_job` gives.
   * @example const model = await vergeai.download(body.model_url, { sha256: body.model.sha256 }).bytes();
   */
  download(modelUrl: string, options: DownloadOptions = {}): ModelDownload {
    return modelDownload(async () => modelUrl, options, this.#context);
  }
}
