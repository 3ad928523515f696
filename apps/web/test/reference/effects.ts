import { NotFound } from '@vergeai/sdk';
import { expect } from 'vitest';
import type { World } from './world.js';

type Effect = (world: World, body: never, input: never) => Promise<void>;
type Ids = { readonly project_id: string; readonly experiment_id: string; readonly job_id: string; readonly device_id: string; readonly user_id: string };

const idsOf = ({ ids }: World) => ids as unknown as Ids;
const listed = async ({ vergeai }: World) => (await vergeai.Project.list({ limit: 200 })).body.data;
const members = async (world: World) => (await world.vergeai.Project.members({ project_id: idsOf(world).project_id })).body.data;
const memberOf = async (world: World) => (await members(world)).find(({ user_id }) => user_id === idsOf(world).user_id);
const userOf = async (world: World) => (await world.vergeai.User.list({ limit: 200 })).body.data.find(({ user_id }) => user_id === idsOf(world).user_id);
const works = async ({ vergeai }: World, apiKey: string) => expect((await vergeai.withOptions({ apiKey }).APIKey.whoami()).body.kind).toBe('user');
const deviceIsThere = async (world: World, { device_id }: { device_id: string }) => void (await world.vergeai.Device.get({ project_id: idsOf(world).project_id, device_id }));
const standing = async (world: World) => (await world.vergeai.Job.devices(idsOf(world))).body.data.find(({ device_id }) => device_id === idsOf(world).device_id);

/** What is to be seen on the server after an operation that changes something. */
export const effects: Readonly<Record<string, Effect>> = {
  'experiment.create': async (world, { ID }: { ID: string }, { hyperparameters }: { hyperparameters: object }) =>
    expect((await world.vergeai.Experiment.get({ project_id: idsOf(world).project_id, experiment_id: ID })).body.hyperparameters).toEqual(hyperparameters),
  'experiment.submit_start_model': async (world) => expect((await world.vergeai.Experiment.get(idsOf(world))).body.start_model).toHaveProperty('size'),
  'experiment.update': async (world) => expect((await world.vergeai.Experiment.describe(idsOf(world))).body).toMatchObject({ name: 'Baseline', tags: ['paper'] }),
  'experiment.delete': async (world) => expect(world.vergeai.Experiment.get(idsOf(world))).rejects.toThrow(NotFound),
  'experiment.fork': async (world, { ID }: { ID: string }) => {
    const { project_id, experiment_id } = idsOf(world);
    expect((await world.vergeai.Experiment.describe({ project_id, experiment_id: ID })).body.forked_from).toBe(experiment_id);
  },
  'experiment.rollback': async (world, { current_model }: { current_model: object }) => expect((await world.vergeai.Experiment.describe(idsOf(world))).body.current_model).toEqual(current_model),
  'experiment.pause': async (world) => expect((await world.vergeai.Experiment.describe(idsOf(world))).body.paused_at).not.toBeNull(),
  'experiment.resume': async (world) => expect((await world.vergeai.Experiment.describe(idsOf(world))).body.paused_at).toBeNull(),
  'job.create': async (world, { ID }: { ID: string }) =>
    expect((await world.vergeai.Job.get({ project_id: idsOf(world).project_id, job_id: ID })).body.configuration.num_devices).toBe('4'),
  'job.create_series': async (world, { job_ids }: { job_ids: string[] }) => {
    const jobs = (await world.vergeai.Job.list({ ...idsOf(world), limit: 200 })).body.data.map(({ job_id }) => job_id);
    expect(jobs).toEqual(expect.arrayContaining(job_ids));
  },
  'job.cancel': async (world) => expect((await world.vergeai.Job.get(idsOf(world))).body.status).toBe('CANCELLED'),
  'job.retry': async (world, { ID }: { ID: string }) => {
    const { project_id, job_id } = idsOf(world);
    expect((await world.vergeai.Job.describe({ project_id, job_id: ID })).body.retry_of).toBe(job_id);
  },
  'sweep.create': async (world, { sweep_id, members: made }: { sweep_id: string; members: { experiment_id: string }[] }) => {
    const { body } = await world.vergeai.Sweep.describe({ project_id: idsOf(world).project_id, sweep_id });
    expect(body.members.map(({ experiment_id }) => experiment_id)).toEqual(made.map(({ experiment_id }) => experiment_id));
  },
  'sweep.cancel': async (world) => expect((await world.vergeai.Sweep.describe({ project_id: idsOf(world).project_id, sweep_id: world.ids['sweep_id']! })).body.status).toBe('CANCELLED'),
  'device.create': deviceIsThere,
  'device.register': deviceIsThere,
  'device.submit_model_update': async (world) => expect(await standing(world)).toMatchObject({ state: 'submitted', num_examples: 512 }),
  'device.submit_evaluation': async (world) => expect(await standing(world)).toMatchObject({ state: 'submitted', num_examples: 512, metrics: { accuracy: 0.93 }, update: null }),
  'device.update': async (world) => expect((await world.vergeai.Device.get(idsOf(world))).body).toMatchObject({ name: 'Lab 3', labels: ['gpu'] }),
  'device.delete': async (world) => expect(world.vergeai.Device.get(idsOf(world))).rejects.toThrow(NotFound),
  'device.heartbeat': async (world) => expect((await standing(world))?.progress).toMatchObject({ fraction: 0.4, metrics: { loss: 0.3 } }),
  'device.report_metrics': async (world) => expect((await world.vergeai.Experiment.metrics(idsOf(world))).body.data[0]!.reports).toMatchObject([{ num_reports: 1 }]),
  'device.report_failure': async (world) => expect((await standing(world))?.reason).toContain('battery low'),
  'project.create': async (world, { project_id }: { project_id: string }) => expect((await listed(world)).find((each) => each.project_id === project_id)?.name).toBe('Digits'),
  'project.update': async (world, _body, { project_name }: { project_name: string }) => expect((await listed(world)).find((each) => each.project_id === idsOf(world).project_id)?.name).toBe(project_name),
  'project.delete': async (world) => expect(world.vergeai.Project.get(idsOf(world))).rejects.toThrow(NotFound),
  'project.limit_storage': async (world, _body, { max_bytes }: { max_bytes: number }) => expect((await world.vergeai.Project.storage(idsOf(world))).body.own_max_bytes).toBe(max_bytes),
  'project.add_member': async (world, _body, { permission_level }: { permission_level: number }) => expect((await memberOf(world))?.permission_level).toBe(permission_level),
  'project.update_member': async (world, _body, { permission_level }: { permission_level: number }) => expect((await memberOf(world))?.permission_level).toBe(permission_level),
  'project.remove_member': async (world) => expect(await memberOf(world)).toBeUndefined(),
  'auth.create': async (world, { key }: { key: string }) => works(world, key),
  'auth.create_key': async (world, { key }: { key: string }) => works(world, key),
  'auth.revoke': async (world) => expect((await world.vergeai.APIKey.list({ limit: 200 })).body.data.find(({ key_id }) => key_id === world.ids['key_id'])?.revoked_at).toEqual(expect.any(String)),
  'auth.create_session': async (world, { expires_at }: { expires_at: string }) => expect((await world.vergeai.APIKey.sessions({ limit: 200 })).body.data.map((session) => session.expires_at)).toContain(expires_at),
  'auth.revoke_session': async (world) => expect((await world.vergeai.APIKey.sessions({ limit: 200 })).body.data.map(({ session_id }) => session_id)).not.toContain(world.ids['session_id']),
  'auth.create_sign_in_code': async (world, { code }: { code: string }) => {
    const headers = { 'content-type': 'application/json', 'x-verge-session': '1' };
    expect((await fetch(`${world.ids['base_url']}/v1/auth/create_session`, { method: 'POST', headers, body: JSON.stringify({ code }) })).status).toBe(200);
  },
  'user.create': async (world, { key }: { key: string }) => works(world, key),
  'user.disable': async (world) => expect((await userOf(world))?.disabled_at).toEqual(expect.any(String)),
  'user.enable': async (world) => expect((await userOf(world))?.disabled_at).toBeNull(),
  'user.reset_key': async (world, { key }: { key: string }) => works(world, key),
};

/** What only a browser can do is refused to who comes with a key, and the page says for whom it is. */
export const refusedToKeys: Readonly<Record<string, string>> = { 'auth.delete_session': 'session_required' };
