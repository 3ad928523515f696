import { VergeAI, type Fetch, type Job, type ModelInput } from '@vergeai/sdk';
import { ADMIN_KEY, eventually } from '@vergeai/testkit';
import { createWorker, type DeviceWorker, type Outcome, type Train, type WorkerOptions } from '../src/index.js';

export interface Device {
  readonly id: string;
  readonly key: string;
}

/** An experiment with a start model, in a project of its own with some devices. */
export interface Experiment {
  readonly admin: VergeAI;
  readonly ids: { readonly project_id: string; readonly experiment_id: string };
  readonly devices: readonly Device[];
}

export async function newExperiment(url: string, numDevices: number, model: ModelInput, hyperparameters: Record<string, unknown> = {}): Promise<Experiment> {
  const admin = new VergeAI({ apiKey: ADMIN_KEY, baseUrl: url });
  const { project_id } = (await admin.Project.create({ project_name: 'Worker' })).body;
  const experiment_id = (await admin.Experiment.create({ project_id, hyperparameters })).body.ID;
  await admin.Experiment.submit_start_model({ project_id, experiment_id, model });
  const devices: Device[] = [];
  for (let n = 0; n < numDevices; n++) {
    const { body } = await admin.Device.create({ project_id });
    devices.push({ id: body.device_id, key: body.device_api_key });
  }
  return { admin, ids: { project_id, experiment_id }, devices };
}

export const newJob = async ({ admin, ids }: Experiment, num_devices = 1): Promise<Job> => (await admin.Job.create({ ...ids, num_devices })).body;

export const jobWith = ({ admin, ids }: Experiment, job: Job, status: Job['status']): Promise<Job> =>
  eventually(`job ${job.ID} is ${status}`, async () => {
    const { body } = await admin.Job.get({ project_id: ids.project_id, job_id: job.ID });
    return body.status === status && body;
  });

export interface TestWorker extends DeviceWorker {
  readonly outcomes: Outcome[];
  readonly errors: unknown[];
  readonly lines: string[];
}

export type Overrides = Partial<WorkerOptions> & { readonly fetch?: Fetch };

/** A worker on one of the experiment's devices that keeps what it says. */
export function workerFor({ admin, ids }: Experiment, device: Device, train: Train, { fetch, ...more }: Overrides = {}): TestWorker {
  const [outcomes, errors, lines]: [Outcome[], unknown[], string[]] = [[], [], []];
  const worker = createWorker({
    client: new VergeAI({ apiKey: device.key, baseUrl: admin.baseUrl, fetch }),
    projectId: ids.project_id,
    train,
    waitSec: 5,
    onEnd: (_, outcome) => outcomes.push(outcome),
    onError: (error) => errors.push(error),
    log: (line) => lines.push(line),
    ...more,
  });
  return { ...worker, outcomes, errors, lines };
}

/** A promise, and what settles it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
