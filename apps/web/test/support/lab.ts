import { VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY, eventually, type RunningServer } from '@vergeai/testkit';

/** A project with devices that do as they are told, for pages to show. */
export interface Lab {
  readonly api: VergeAI;
  readonly project_id: string;
  /** A device with its own key. */
  device(name?: string): Promise<Device>;
  /** An experiment with a start model. */
  experiment(experiment_name: string, more?: { hyperparameters?: Record<string, unknown>; tags?: string[] }): Promise<string>;
}

export interface Device {
  readonly id: string;
  readonly api: VergeAI;
  /** Waits for its next job. */
  take(): Promise<string>;
  submit(job_id: string, update?: { model?: { w: number[] }; metrics?: Record<string, number>; num_examples?: number }): Promise<void>;
}

export async function openLab(server: RunningServer, project_name: string): Promise<Lab> {
  const api = new VergeAI({ apiKey: ADMIN_KEY, baseUrl: server.url });
  const { project_id } = (await api.Project.create({ project_name })).body;
  return {
    api,
    project_id,
    async device(device_name) {
      const { body } = await api.Device.create({ project_id, ...(device_name !== undefined && { device_name }) });
      return deviceOf(api.withOptions({ apiKey: body.device_api_key }), project_id, body.device_id);
    },
    async experiment(experiment_name, { hyperparameters = {}, tags } = {}) {
      const { ID: experiment_id } = (await api.Experiment.create({ project_id, experiment_name, hyperparameters })).body;
      if (tags) await api.Experiment.update({ project_id, experiment_id, tags });
      await api.Experiment.submit_start_model({ project_id, experiment_id, model: { w: [0, 0, 0] }, block: true });
      return experiment_id;
    },
  };
}

const deviceOf = (api: VergeAI, project_id: string, id: string): Device => ({
  id,
  api,
  take: () => eventually('the device gets a job', async () => (await api.Device.next_job({ project_id, wait: 5 })).body.job_id),
  async submit(job_id, { model = { w: [1, 2, 3] }, ...more } = {}) {
    await api.Device.submit_model_update({ project_id, job_id, model, num_examples: 10, block: true, ...more });
  },
});

/** One job from its creation to its end, trained by one device. Gives its id. */
export async function trainOnce({ api, project_id }: Lab, experiment_id: string, device: Device, metrics: Record<string, number>): Promise<string> {
  const { ID: job_id } = (await api.Job.create({ project_id, experiment_id, num_devices: 1 })).body;
  await device.take();
  await device.submit(job_id, { metrics });
  await api.Job.wait_for_completion({ project_id, job_id });
  return job_id;
}
