import type { Contract } from '@vergeai/contract';
import type { Context } from './context.js';
import { modelDownload, type DownloadOptions, type ModelDownload } from './download/model-download.js';
import { table } from './generated/table.js';
import type { Resource } from './method-types.js';
import { describe, type DescribedRequest } from './operations/describe.js';
import type { InputOf, MethodOf, OperationName } from './operations/operation-name.js';
import { requireOperation } from './operations/operations.js';
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
  readonly #byResource: Readonly<Record<string, object>>;

  /** @throws VergeAIError when there is no API key, or a setting cannot be used. */
  constructor(options: VergeAIOptions = {}) {
    const settings = readSettings(options);
    const context: Context = { settings, request: requestEngine(settings) };
    // No type says any more that these are the methods which the contract describes: both come from it.
    const methods = <Name extends keyof Contract>(name: Name) => resource(name, table[name], context) as unknown as Resource<Contract[Name]>;
    const experiment = methods('experiment');
    const job = methods('job');
    this.baseUrl = settings.baseUrl;
    this.Experiment = { ...experiment, submit_start_model: submitAndSee(experiment, settings) };
    this.Project = methods('project');
    this.Job = { ...job, wait_for_completion: waitForCompletion(job) };
    this.Device = methods('device');
    this.APIKey = methods('auth');
    this.User = methods('user');
    this.#context = context;
    this.#byResource = { experiment: this.Experiment, project: this.Project, job: this.Job, device: this.Device, auth: this.APIKey, user: this.User };
  }

  /**
   * The method of an operation by its dotted name, such as `job.list`: for programs that let their users choose.
   * @throws VergeAIError when there is no such operation.
   * @example const { body } = await vergeai.call('experiment.get', { project_id, experiment_id });
   */
  call<Name extends OperationName>(operation: Name, ...parameters: Parameters<MethodOf<Name>>): ReturnType<MethodOf<Name>> {
    requireOperation(operation);
    const [resourceName, name] = operation.split('.') as [string, string];
    const method = (this.#byResource[resourceName] as Record<string, (...given: unknown[]) => unknown>)[name]!;
    return method(...parameters) as ReturnType<MethodOf<Name>>;
  }

  /**
   * The request that an operation makes of `input`, without sending it and without the key.
   * @example const { method, url, body } = vergeai.describe('job.create', { project_id, experiment_id, num_devices: 4 });
   */
  describe<Name extends OperationName>(operation: Name, input: InputOf<Name>): DescribedRequest {
    return describe(operation, input, { baseUrl: this.baseUrl });
  }

  /**
   * The model behind a signed link, such as the `model_url` that `Device.next_job` gives.
   * @example const model = await vergeai.download(body.model_url, { sha256: body.model.sha256 }).bytes();
   */
  download(modelUrl: string, options: DownloadOptions = {}): ModelDownload {
    return modelDownload(async () => modelUrl, options, this.#context);
  }
}
