import { VergeAI } from '@vergeai/sdk';
import { createWorker, type DeviceWorker, type Outcome, type TrainingResult, type Training } from '@vergeai/worker';
import { api } from '../../api/client.js';
import { baseUrl } from '../../api/base-url.js';
import { train } from '../../recipes/network/train.js';
import { seedOf } from '../../recipes/random.js';
import type { Place, Progress } from '../../recipes/recipe.js';
import { readSettings } from '../../recipes/settings.js';
import { stayAwake } from './stay-awake.js';
import { Pantry } from './pantry.js';

export interface DeviceSetup {
  readonly projectId: string;
  readonly name: string;
  readonly place: Place;
  /** For experiments about the person's own table. */
  readonly table: Blob | undefined;
}

export interface JobAt {
  readonly jobId: string;
  readonly experimentId: string;
  readonly sequence: number;
}

/** What happens to a device, as its page is told. */
export type News =
  | { readonly type: 'registered'; readonly deviceId: string }
  | { readonly type: 'job'; readonly job: JobAt }
  | { readonly type: 'progress'; readonly progress: Progress; readonly sentBytes: number }
  | { readonly type: 'trained'; readonly job: JobAt }
  | { readonly type: 'ended'; readonly job: JobAt; readonly outcome: Outcome; readonly sentBytes: number }
  | { readonly type: 'trouble'; readonly sentence: string };

/** A device of the project that lives as long as this thread. Its key is made here, and nothing outside ever has it. */
export class Device {
  readonly #setup: DeviceSetup;
  readonly #tell: (news: News) => void;
  readonly #pantry = new Pantry();
  #worker: DeviceWorker | undefined;
  #isStopped = false;
  #sentBytes = 0;

  constructor(setup: DeviceSetup, tell: (news: News) => void) {
    this.#setup = setup;
    this.#tell = tell;
    // What is wrong with the table is told when a job asks for it.
    if (setup.table) this.#pantry.takeTable(setup.table).catch(() => {});
  }

  /** Until it is stopped. @throws APIError when the device can't be made, or can do nothing more. */
  async run(): Promise<void> {
    const { projectId: project_id, name } = this.#setup;
    const { device_id, device_api_key } = (await api.Device.create({ project_id, device_name: name, labels: ['browser'], ephemeral: true })).body;
    this.#tell({ type: 'registered', deviceId: device_id });
    this.#worker = createWorker({
      client: new VergeAI({ apiKey: device_api_key, baseUrl, fetch: this.#fetch }),
      projectId: project_id,
      train: (training) => this.#train(training),
      onJob: (job) => this.#tell({ type: 'job', job: at(job) }),
      onEnd: (job, outcome) => this.#tell({ type: 'ended', job: at(job), outcome, sentBytes: this.#sentBytes }),
      onError: (error) => this.#tell({ type: 'trouble', sentence: error instanceof Error ? error.message : String(error) }),
    });
    const rest = stayAwake();
    try {
      if (!this.#isStopped) await this.#worker.run();
    } finally {
      rest();
      // Nobody should draw it any more. Where this fails the server deletes it ten minutes later.
      await api.Device.delete({ project_id, device_id }).catch(() => {});
    }
  }

  /** After the job under way, or without it: then another device is drawn. */
  async stop(how: 'finish' | 'abandon'): Promise<void> {
    this.#isStopped = true;
    await this.#worker?.stop({ abandon: how === 'abandon' });
  }

  async #train({ model, hyperparameters, job, signal, report }: Training): Promise<TrainingResult> {
    const { place } = this.#setup;
    const { task, shareOf } = await this.#pantry.open(hyperparameters);
    const settings = readSettings(hyperparameters);
    const seed = seedOf(place.seed, place.device, job.sequence);
    const { loss, accuracy, numExamples } = await train(model, task, shareOf(place), settings, seed, {
      signal,
      onProgress: (progress) => {
        report({ loss: progress.loss, ...(progress.accuracy !== undefined && { accuracy: progress.accuracy }) }, progress.examples);
        this.#tell({ type: 'progress', progress, sentBytes: this.#sentBytes });
      },
    });
    this.#tell({ type: 'trained', job: at(job) });
    return { model, numExamples, metrics: { loss, ...(accuracy !== undefined && { accuracy }) } };
  }

  /** Counts what leaves this tab; and without the person's session, as this is the device's own business. */
  readonly #fetch = (url: string, init: RequestInit): Promise<Response> => {
    this.#sentBytes += sizeOf(init.body);
    return fetch(url, { ...init, credentials: 'omit' });
  };
}

const at = ({ id, experimentId, sequence }: { id: string; experimentId: string; sequence: number }): JobAt => ({ jobId: id, experimentId, sequence });

function sizeOf(body: RequestInit['body']): number {
  if (typeof body === 'string') return body.length;
  if (body instanceof Blob) return body.size;
  return body instanceof ArrayBuffer || ArrayBuffer.isView(body) ? body.byteLength : 0;
}
