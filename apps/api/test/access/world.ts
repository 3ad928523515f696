import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { newApiKey } from '../../src/access/api-key.js';
import { newExperiment, newProject, newUser, send, type TestApi } from '../support/api.js';
import { signIn } from '../support/sign-in.js';

export interface Person {
  readonly userId: string;
  readonly key: string;
}

export interface Machine {
  readonly deviceId: string;
  readonly key: string;
}

/** The ids a request may name. */
export interface Target {
  readonly project_id: string;
  readonly experiment_id: string;
  readonly job_id: string;
  readonly device_id: string;
  readonly user_id: string;
  readonly key_id: string;
  readonly session_id: string;
  readonly sweep_id: string;
  /** What is compared with the experiment, where it has to be there. */
  readonly other_experiment_id?: string;
}

/** Jobs that some rows use up, so each has one of its own. */
export interface SpareJobs {
  readonly cancelled: string;
  readonly forReports: string;
  readonly evaluating: string;
}

export interface World {
  readonly api: TestApi;
  readonly keys: Readonly<Record<string, string | undefined>>;
  readonly userIds: Readonly<Record<string, string>>;
  /** Everything exists, in the project whose members the table speaks of. */
  readonly here: Target;
  /** The same in a project of somebody else. */
  readonly elsewhere: Target;
  /** The same in a project that was deleted with all that was in it. */
  readonly deleted: Target;
  readonly deletedDevice: string;
  readonly removedUser: string;
  readonly spare: SpareJobs;
}

export const unknownId = (): string => randomBytes(16).toString('hex');

/** Everyone and everything the table speaks of. */
export async function createWorld(api: TestApi): Promise<World> {
  const people = Object.fromEntries(
    await Promise.all(
      ['owner', 'admin', 'read-write', 'read-only', 'demoted member', 'removed member', 'owner elsewhere', 'no project', 'leaving'].map(
        async (name) => [name, await newUser(api)] as const,
      ),
    ),
  ) as Record<string, Person>;
  const owner = people['owner']!;

  const project = await newProject(api, owner.key);
  const member = (name: string, permission_level: number) => ok(api, '/v1/project/add_member', owner.key, { project_id: project, user_id: people[name]!.userId, permission_level });
  await member('admin', 10);
  await member('read-write', 5);
  await member('read-only', 1);
  await member('demoted member', 10);
  await ok(api, '/v1/project/update_member', owner.key, { project_id: project, user_id: people['demoted member']!.userId, permission_level: 1 });
  for (const name of ['removed member', 'leaving']) {
    await member(name, 10);
    await ok(api, '/v1/project/remove_member', owner.key, { project_id: project, user_id: people[name]!.userId });
  }

  // Jobs are made while the project has one device, so that nobody else can have been drawn.
  const inJob = await newDevice(api, project, owner.key);
  const experiment = await trainable(api, project, owner.key);
  const job = await newJob(api, project, experiment, owner.key);
  const spare = {
    cancelled: await newJob(api, project, await trainable(api, project, owner.key), owner.key, 'CANCELLED'),
    forReports: await newJob(api, project, await trainable(api, project, owner.key), owner.key),
    evaluating: await newJob(api, project, await trainable(api, project, owner.key), owner.key, 'IN_PROGRESS', 'EVALUATE'),
  };
  const sweep = await newSweep(api, project, await trainable(api, project, owner.key), owner.key);
  const notInJob = await newDevice(api, project, owner.key);
  const gone = await newDevice(api, project, owner.key);
  await ok(api, '/v1/device/delete', owner.key, { project_id: project, device_id: gone.deviceId });

  const other = await fill(api, people['owner elsewhere']!);
  const ended = await fill(api, owner);
  await ok(api, '/v1/project/delete', owner.key, { project_id: ended.target.project_id });

  const revoked = await ok(api, '/v1/auth/create', owner.key, {});
  await ok(api, '/v1/auth/revoke', owner.key, { key_id: keyIdIn(revoked.key as string) });
  const expired = await expiredKey(api, owner.userId);

  return {
    api,
    keys: {
      ...Object.fromEntries(Object.entries(people).map(([name, { key }]) => [name, key])),
      'the server admin': api.adminKey,
      'device in job': inJob.key,
      'device not in job': notInJob.key,
      'device elsewhere': other.device.key,
      'revoked user key': revoked.key as string,
      'revoked device key': gone.key,
      'device of a deleted project': ended.device.key,
      'expired key': expired,
      'malformed key': 'vgu_not-a-key',
      'overlong key': 'x'.repeat(2000),
      'key with a changed secret': withChangedSecret(owner.key),
      'no key': undefined,
    },
    userIds: Object.fromEntries(Object.entries(people).map(([name, { userId }]) => [name, userId])),
    here: { project_id: project, experiment_id: experiment, job_id: job, device_id: inJob.deviceId, user_id: people['read-only']!.userId, key_id: keyIdIn(owner.key), session_id: (await signIn(api, owner)).id, sweep_id: sweep },
    elsewhere: { ...other.target, key_id: keyIdIn(people['leaving']!.key), session_id: (await signIn(api, people['leaving']!)).id },
    deleted: ended.target,
    deletedDevice: gone.deviceId,
    removedUser: people['leaving']!.userId,
    spare,
  };
}

/** A project with a device, an experiment and a job in it. */
async function fill(api: TestApi, owner: Person): Promise<{ target: Target; device: Machine }> {
  const project_id = await newProject(api, owner.key);
  const device = await newDevice(api, project_id, owner.key);
  const experiment_id = await trainable(api, project_id, owner.key);
  const job_id = await newJob(api, project_id, experiment_id, owner.key);
  const sweep_id = await newSweep(api, project_id, experiment_id, owner.key);
  return { device, target: { project_id, experiment_id, job_id, device_id: device.deviceId, user_id: owner.userId, key_id: keyIdIn(owner.key), session_id: (await signIn(api, owner)).id, sweep_id } };
}

async function ok(api: TestApi, path: string, key: string, json: unknown): Promise<Record<string, unknown>> {
  const { status, text, body } = await send(api, 'POST', path, { key, json });
  expect(status, `${path}: ${text}`).toBeLessThan(300);
  return (body ?? {}) as Record<string, unknown>;
}

/** An experiment with a start model. */
export async function trainable(api: TestApi, project: string, key: string): Promise<string> {
  const experiment = await newExperiment(api, project, key);
  await ok(api, '/v1/experiment/submit_start_model', key, { project_id: project, experiment_id: experiment, model: { w: [1, 2] } });
  return experiment;
}

export async function newDevice(api: TestApi, project: string, key: string): Promise<Machine> {
  const body = await ok(api, '/v1/device/create', key, { project_id: project });
  return { deviceId: body['device_id'] as string, key: body['device_api_key'] as string };
}

/** A running job that the project's one device was drawn for. */
export async function newJob(api: TestApi, project: string, experiment: string, key: string, status: 'IN_PROGRESS' | 'CANCELLED' = 'IN_PROGRESS', kind: 'TRAIN' | 'EVALUATE' = 'TRAIN'): Promise<string> {
  const body = await ok(api, '/v1/job/create', key, { project_id: project, experiment_id: experiment, num_devices: 1, kind });
  const job_id = body['ID'] as string;
  if (status === 'CANCELLED') await ok(api, '/v1/job/cancel', key, { project_id: project, job_id });
  return job_id;
}

/** A sweep of two forks. */
async function newSweep(api: TestApi, project_id: string, experiment_id: string, key: string): Promise<string> {
  const space = { hyperparameters: { lr: { values: [0.1, 0.2] } }, method: 'grid', metric: 'loss', mode: 'min' };
  return (await ok(api, '/v1/sweep/create', key, { project_id, experiment_id, ...space, num_jobs: 1, job: { num_devices: 1 } }))['sweep_id'] as string;
}

async function expiredKey(api: TestApi, userId: string): Promise<string> {
  const { ctx } = api;
  const { id, key } = newApiKey('vgu');
  const now = ctx.clock.now().getTime();
  await ctx.db.prisma.apiKey.create({
    data: { id, kind: 'USER', userId, secretHash: ctx.secrets.hashApiKey(key), createdAt: new Date(now - 2000), expiresAt: new Date(now - 1000) },
  });
  return key;
}

/** A key's public part, as it stands in the key. */
const keyIdIn = (key: string): string => key.split('_')[1]!;

function withChangedSecret(key: string): string {
  const at = key.lastIndexOf('_') + 5;
  return key.slice(0, at) + (key[at] === 'a' ? 'b' : 'a') + key.slice(at + 1);
}
