import { setTimeout as pause } from 'node:timers/promises';
import { VergeAI } from '@vergeai/sdk';

const LOOK_EVERY_MS = 100;
/** A server that is started again within a minute or so is waited for. */
const PATIENCE = { maxRetries: 20 };

/** As `experiment/create` takes it. */
export type Strategy = NonNullable<Parameters<VergeAI['Experiment']['create']>[0]['aggregation_strategy']>;

export interface DeviceKey {
  readonly id: string;
  readonly key: string;
}

/** The experiment as the one who set it up sees it. */
export interface DemoExperiment {
  readonly projectId: string;
  readonly experimentId: string;
  /** By id: the server adds updates up in this order, so that a device's place here is its place in the sum. */
  readonly devices: readonly DeviceKey[];
  /** Adds jobs to the series, each for all devices; gives their ids. */
  addJobs(count: number): Promise<string[]>;
  /** Waits for a job to be completed; gives what it made. Throws when it ended otherwise. */
  modelOf(jobId: string): Promise<Uint8Array>;
}

export interface NewExperiment {
  readonly project: string;
  readonly name: string;
  readonly devices: number;
  readonly hyperparameters: Readonly<Record<string, number>>;
  /** Undefined: the mean. */
  readonly strategy?: Strategy | undefined;
  readonly startModel: Uint8Array;
}

/** Creates a project with devices, and an experiment in it. */
export async function newExperiment(server: { url: string; key: string }, { project, name, devices: numDevices, hyperparameters, strategy, startModel }: NewExperiment): Promise<DemoExperiment> {
  const vergeai = new VergeAI({ apiKey: server.key, baseUrl: server.url, ...PATIENCE });
  // The first call gives up sooner, so that a wrong address is not waited for.
  const { project_id } = (await vergeai.Project.create({ project_name: project }, { maxRetries: 4 })).body;
  const devices: DeviceKey[] = [];
  for (let n = 0; n < numDevices; n++) {
    const { body } = await vergeai.Device.create({ project_id });
    devices.push({ id: body.device_id, key: body.device_api_key });
  }
  devices.sort((one, other) => (one.id < other.id ? -1 : 1));
  const { ID: experiment_id } = (await vergeai.Experiment.create({ project_id, experiment_name: name, hyperparameters: { ...hyperparameters }, aggregation_strategy: strategy })).body;
  await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model: startModel });

  async function completed(job_id: string): Promise<void> {
    for (;;) {
      const { status } = (await vergeai.Job.get({ project_id, job_id })).body;
      if (status === 'COMPLETED') return;
      // Says why.
      if (status === 'FAILED' || status === 'CANCELLED') await vergeai.Job.wait_for_completion({ project_id, job_id });
      await pause(LOOK_EVERY_MS);
    }
  }

  return {
    projectId: project_id,
    experimentId: experiment_id,
    devices,
    async addJobs(count) {
      const ids: string[] = [];
      for (let n = 0; n < count; n++) ids.push((await vergeai.Job.create({ project_id, experiment_id, num_devices: numDevices })).body.ID);
      return ids;
    },
    async modelOf(job_id) {
      await completed(job_id);
      return vergeai.Job.aggregate_model({ project_id, job_id }).bytes();
    },
  };
}
