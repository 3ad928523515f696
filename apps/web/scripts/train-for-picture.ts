import { eventually } from '@vergeai/testkit';
import type { Device, Lab } from '../test/support/lab.ts';

const JOBS = 24;
const DEVICES = ['Ada’s phone', 'Kitchen tablet', 'Office desktop', 'Grace’s laptop', 'Lab server', 'Alan’s phone'];

/** Trains an experiment with numbers such as digits give, all but its last job, which two of four devices have ended. Gives the path of its page. */
export async function trainForPicture(lab: Lab): Promise<string> {
  const { api, project_id } = lab;
  const devices = await Promise.all(DEVICES.map((name) => lab.device(name)));
  const experiment_id = await lab.experiment('Digits on six devices', { hyperparameters: { learning_rate: 0.05, batch_size: 32 }, tags: ['digits'] });
  const { job_ids } = (await api.Job.create_series({ project_id, experiment_id, count: JOBS, num_devices: 4 })).body;
  for (const [place, job_id] of job_ids.entries()) {
    await eventually(`job ${place + 1} runs`, async () => (await api.Job.get({ project_id, job_id })).body.status === 'IN_PROGRESS');
    await trainWith(lab, devices, place + 1, place + 1 < JOBS ? 4 : 2);
  }
  return `/p/${project_id}/e/${experiment_id}`;
}

/** Has so many of the devices that were drawn submit, each what the job's number and its own give. */
async function trainWith({ project_id }: Lab, devices: readonly Device[], job: number, submit: number): Promise<void> {
  const taken = await Promise.all(devices.map(async (device) => ({ device, job_id: (await device.api.Device.next_job({ project_id })).body?.job_id })));
  const drawn = taken.filter(({ job_id }) => job_id !== undefined);
  for (const [place, { device, job_id }] of drawn.slice(0, submit).entries()) {
    const wobble = Math.sin(job * 2.3 + place * 1.7) / (8 + job);
    const accuracy = 0.97 - 0.82 * Math.exp(-job / 5) + wobble / 3;
    await device.submit(job_id!, { metrics: { accuracy, loss: 0.08 + 2.1 * Math.exp(-job / 4.5) + wobble / 2 }, num_examples: 200 + 40 * place });
  }
}
