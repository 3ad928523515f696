import type { Answer } from './answers.js';
import type { Context } from './context.js';
import { modelDownload, type DownloadOptions, type ModelDownload } from './download/model-download.js';
import type { EventEntry } from './events.js';
import { changesOf, type ChangesOptions, type ProjectChange, type ProjectHello } from './follow/changes.js';
import { follower, type FollowInput, type FollowOptions } from './follow/follow.js';
import { Resources, type Experiments, type Jobs, type Projects } from './generated/resources.js';
import type { Job, JobGetInput, ProjectGetInput } from './generated/types.js';
import { table } from './generated/table.js';
import { describe, type DescribedRequest } from './operations/describe.js';
import type { InputOf, MethodOf, OperationName } from './operations/operation-name.js';
import { requireOperation } from './operations/operations.js';
import { requestEngine } from './request.js';
import { resource, type Methods } from './resource.js';
import { readSettings, type VergeAIOptions } from './settings.js';
import { submitAndSee } from './upload/submit-and-see.js';
import { waitForCompletion, type WaitOptions } from './wait-for-completion.js';

/** Experiments: the API's operations, and following one. */
export interface ExperimentResource extends Experiments {
  /**
   * The events of an experiment as they happen, each once and in order, through every loss of the connection.
   * @throws what `Experiment.events` throws
   * @example for await (const event of vergeai.Experiment.follow({ project_id, experiment_id })) console.log(event.type);
   */
  follow(input: FollowInput, options?: FollowOptions): AsyncGenerator<EventEntry, void>;
}

/** Projects: the API's operations, and hearing what changes in one. */
export interface ProjectResource extends Projects {
  /**
   * Hears what changes in a project.
   * @throws NotFound, PermissionDenied
   * @example for await (const one of vergeai.Project.changes({ project_id })) console.log(one);
   */
  changes(input: ProjectGetInput, options?: ChangesOptions): AsyncGenerator<ProjectHello | ProjectChange, void>;
}

/** Jobs: the API's operations, and waiting for one to end. */
export interface JobResource extends Jobs {
  /**
   * Waits until the job is COMPLETED and returns it.
   * @throws JobFailed, JobCancelled, TimeoutError
   * @example const { body } = await vergeai.Job.wait_for_completion({ project_id, job_id }, { timeoutMs: 600_000 });
   */
  wait_for_completion(input: JobGetInput, options?: WaitOptions): Promise<Answer<200, Job>>;
}

/**
 * The Experiments API. Each method takes one flat object and returns `{ statusCode, body }`; lists can be
 * iterated, and links to models can be read.
 *
 * Every method rejects with an `APIError` subclass for an answer that is not a success (with `AuthenticationError`
 * for a key that does not count), `ConnectionError` when no whole answer came, `TimeoutError`, or the reason of an
 * aborted `signal`.
 *
 * Repeated up to `maxRetries` times, waiting as `Retry-After` says or exponentially with full jitter:
 * lost connections, timeouts, 408, 429, 502, 503, 504. That is safe for a POST because each call carries an
 * `Idempotency-Key`. 500 is not repeated.
 *
 * @example
 * const vergeai = new VergeAI({ apiKey: '...' });
 * const { body } = await vergeai.Experiment.create({ project_id });
 */
export class VergeAI extends Resources {
  /** Where the API is. */
  readonly baseUrl: string;
  /** The operations of `experiment`, and following one. */
  declare readonly Experiment: ExperimentResource;
  /** The operations of `project`, and hearing what changes in one. */
  declare readonly Project: ProjectResource;
  /** The operations of `job`, and waiting for one to end. */
  declare readonly Job: JobResource;

  readonly #context: Context;
  readonly #methods: Readonly<Record<string, Methods>>;
  readonly #options: VergeAIOptions;

  /** @throws VergeAIError when there is no API key, or a setting cannot be used. */
  constructor(options: VergeAIOptions = {}) {
    const settings = readSettings(options);
    const context: Context = { settings, request: requestEngine(settings) };
    // No type says any more that these are the methods which the interfaces describe: both come from the contract.
    const methods: Record<string, Methods> = {};
    super((name) => (methods[name] = resource(name, table[name], context)));
    this.baseUrl = settings.baseUrl;
    this.#context = context;
    this.#methods = methods;
    this.#options = options;
    const follow = follower(this.Experiment, context);
    Object.assign(this.Experiment, { follow, submit_start_model: submitAndSee({ ...this.Experiment }) });
    Object.assign(this.Project, { changes: changesOf(context) });
    Object.assign(this.Job, { wait_for_completion: waitForCompletion(this.Job, this.Experiment, follow) });
  }

  /**
   * The same client but for these options, such as one with a device's key.
   * @example const device = vergeai.withOptions({ apiKey: body.device_api_key });
   */
  withOptions(options: VergeAIOptions): VergeAI {
    return new VergeAI({ ...this.#options, ...options });
  }

  /**
   * The method of an operation by its dotted name, such as `job.list`: for programs that let their users choose.
   * @throws VergeAIError when there is no such operation.
   * @example const { body } = await vergeai.call('experiment.get', { project_id, experiment_id });
   */
  call<Name extends OperationName>(operation: Name, ...parameters: Parameters<MethodOf<Name>>): ReturnType<MethodOf<Name>> {
    requireOperation(operation);
    const [name, method] = operation.split('.') as [string, string];
    return this.#methods[name]![method]!(...(parameters as [])) as ReturnType<MethodOf<Name>>;
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
