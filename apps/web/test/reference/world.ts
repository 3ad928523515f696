import { VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY, eventually } from '@vergeai/testkit';

const model = { weights: [[0.5, 0.5], [0.5, 0.5]], bias: [0, 0] };

/** What an example needs to find when it is run: everything that it can name, made anew for it. */
export interface World {
  readonly ids: Readonly<Record<string, string>>;
  /** With which the example is run. */
  readonly key: string;
  readonly vergeai: VergeAI;
}

/** Which operations are about a job that has ended, or an experiment that has nothing yet. */
const withCompletedJob = new Set(['job.aggregate_model', 'experiment.best_model', 'experiment.rollback', 'experiment.metrics', 'experiment.metric_series', 'project.compare']);
const withCancelledJob = new Set(['job.retry']);
const withoutModel = new Set(['experiment.submit_start_model']);
const withMember = new Set(['project.update_member', 'project.remove_member']);
const byDevice = new Set(['device.submit_model_update', 'device.submit_evaluation', 'device.next_job', 'device.heartbeat', 'device.report_metrics', 'device.report_failure']);

export async function makeWorld(operation: string, baseUrl: string): Promise<World> {
  const vergeai = new VergeAI({ apiKey: ADMIN_KEY, baseUrl });
  const { project_id } = (await vergeai.Project.create({ project_name: 'Before' })).body;
  const devices = new Map<string, string>();
  for (let count = 0; count < 4; count++) {
    const { device_id, device_api_key } = (await vergeai.Device.create({ project_id })).body;
    devices.set(device_id, device_api_key);
  }
  const experiment_id = (await vergeai.Experiment.create({ project_id, keep_best: { metric: 'loss', mode: 'min' } })).body.ID;
  const other_experiment_id = (await vergeai.Experiment.create({ project_id, hyperparameters: { learning_rate: 0.01 } })).body.ID;
  const { user_id } = (await vergeai.User.create({ user_name: 'Ada' })).body;
  if (withMember.has(operation)) await vergeai.Project.add_member({ project_id, user_id, permission_level: 5 });
  if (operation === 'user.enable') await vergeai.User.disable({ user_id });
  const ids = { base_url: baseUrl, project_id, experiment_id, other_experiment_id, user_id, ...(await keyAndSession(operation, vergeai)) };
  if (withoutModel.has(operation)) return { ids, key: ADMIN_KEY, vergeai };

  await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model });
  const { ID: job_id, devices: drawn } = (await vergeai.Job.create({ project_id, experiment_id, num_devices: 1, kind: operation === 'device.submit_evaluation' ? 'EVALUATE' : 'TRAIN' })).body;
  const sweep_id = operation.startsWith('sweep.') ? await newSweep(vergeai, { project_id, experiment_id }) : undefined;
  const device_id = drawn[0]!;
  const device = vergeai.withOptions({ apiKey: devices.get(device_id)! });
  if (byDevice.has(operation) && operation !== 'device.next_job') await device.Device.next_job({ project_id });
  if (withCompletedJob.has(operation)) {
    await device.Device.submit_model_update({ project_id, job_id, model, num_examples: 8, metrics: { loss: 0.5 } });
    await eventually('the job is complete', async () => (await vergeai.Job.get({ project_id, job_id })).body.status === 'COMPLETED');
  }
  if (withCancelledJob.has(operation)) await vergeai.Job.cancel({ project_id, job_id });
  return { ids: { ...ids, job_id, device_id, ...(sweep_id && { sweep_id }) }, key: byDevice.has(operation) ? devices.get(device_id)! : ADMIN_KEY, vergeai };
}

async function newSweep(vergeai: VergeAI, of: { project_id: string; experiment_id: string }): Promise<string> {
  const { body } = await vergeai.Sweep.create({ ...of, hyperparameters: { learning_rate: { values: [0.1, 0.01] } }, method: 'grid', num_jobs: 2, job: { num_devices: 1 }, metric: 'loss', mode: 'min' });
  return body.sweep_id;
}

/** A key and a session that nothing but the example needs. */
async function keyAndSession(operation: string, vergeai: VergeAI): Promise<{ key_id?: string; session_id?: string }> {
  if (operation !== 'auth.revoke' && operation !== 'auth.revoke_session') return {};
  const { key } = (await vergeai.APIKey.create()).body;
  const other = vergeai.withOptions({ apiKey: key });
  const key_id = (await other.APIKey.whoami()).body.key.key_id;
  const response = await fetch(`${vergeai.baseUrl}/v1/auth/create_session`, { method: 'POST', headers: { authorization: key, 'x-verge-session': '1' } });
  if (!response.ok) throw new Error(`There is no session: ${await response.text()}`);
  const { body } = await vergeai.APIKey.sessions();
  return { key_id, session_id: body.data.find((session) => session.key_id === key_id)!.session_id };
}
