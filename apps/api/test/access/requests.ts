import { newApiKey } from '../../src/access/api-key.js';
import { newExperiment } from '../support/api.js';
import { signIn } from '../support/sign-in.js';
import { unknownId, newDevice, trainable, type Target, type World } from './world.js';

/** What each POST sends, given the ids it is about. GETs have them in their path. */
const bodies: Readonly<Record<string, (target: Target) => Record<string, unknown>>> = {
  'POST /v1/auth/create': () => ({}),
  'POST /v1/auth/create_key': () => ({}),
  'POST /v1/auth/revoke': ({ key_id }) => ({ key_id }),
  'POST /v1/auth/create_session': () => ({}),
  'POST /v1/auth/delete_session': () => ({}),
  'POST /v1/auth/revoke_session': ({ session_id }) => ({ session_id }),
  'POST /v1/auth/create_sign_in_code': () => ({}),
  'POST /v1/user/create': () => ({}),
  'POST /v1/user/disable': ({ user_id }) => ({ user_id }),
  'POST /v1/user/enable': ({ user_id }) => ({ user_id }),
  'POST /v1/user/reset_key': ({ user_id }) => ({ user_id }),
  'POST /v1/project/create': () => ({ project_name: 'one more' }),
  'POST /v1/project/update': ({ project_id }) => ({ project_id, project_name: 'renamed' }),
  'POST /v1/project/delete': ({ project_id }) => ({ project_id }),
  'POST /v1/project/limit_storage': ({ project_id }) => ({ project_id, max_bytes: null }),
  'POST /v1/project/add_member': ({ project_id, user_id }) => ({ project_id, user_id, permission_level: 1 }),
  'POST /v1/project/update_member': ({ project_id, user_id }) => ({ project_id, user_id, permission_level: 1 }),
  'POST /v1/project/remove_member': ({ project_id, user_id }) => ({ project_id, user_id }),
  'POST /v1/experiment/create': ({ project_id }) => ({ project_id }),
  'POST /v1/experiment/submit_start_model': ({ project_id, experiment_id }) => ({ project_id, experiment_id, model: { w: [3, 4] } }),
  'POST /v1/experiment/update': ({ project_id, experiment_id }) => ({ project_id, experiment_id, experiment_name: 'renamed' }),
  'POST /v1/experiment/delete': ({ project_id, experiment_id }) => ({ project_id, experiment_id }),
  'POST /v1/experiment/fork': ({ project_id, experiment_id }) => ({ project_id, experiment_id }),
  'POST /v1/experiment/rollback': ({ project_id, experiment_id }) => ({ project_id, experiment_id, to: 'start' }),
  'POST /v1/experiment/pause': ({ project_id, experiment_id }) => ({ project_id, experiment_id, reason: 'a rest' }),
  'POST /v1/experiment/resume': ({ project_id, experiment_id }) => ({ project_id, experiment_id }),
  'POST /v1/job/create': ({ project_id, experiment_id }) => ({ project_id, experiment_id, num_devices: 1 }),
  'POST /v1/job/create_series': ({ project_id, experiment_id }) => ({ project_id, experiment_id, num_devices: 1, count: 2 }),
  'POST /v1/job/retry': ({ project_id, job_id }) => ({ project_id, job_id }),
  'POST /v1/job/cancel': ({ project_id, job_id }) => ({ project_id, job_id }),
  'POST /v1/sweep/create': ({ project_id, experiment_id }) => ({ project_id, experiment_id, hyperparameters: { lr: { values: [0.1, 0.2] } }, method: 'grid', num_jobs: 1, job: { num_devices: 1 }, metric: 'loss', mode: 'min' }),
  'POST /v1/sweep/cancel': ({ project_id, sweep_id }) => ({ project_id, sweep_id }),
  'POST /v1/device/create': ({ project_id }) => ({ project_id }),
  'POST /v1/device/register': ({ project_id }) => ({ project_id }),
  'POST /v1/device/update': ({ project_id, device_id }) => ({ project_id, device_id, device_name: 'renamed', labels: ['gpu'] }),
  'POST /v1/device/delete': ({ project_id, device_id }) => ({ project_id, device_id }),
  'POST /v1/device/submit_model_update': ({ project_id, job_id }) => ({ project_id, job_id }),
  'POST /v1/device/submit_evaluation': ({ project_id, job_id }) => ({ project_id, job_id, metrics: { accuracy: 0.9 } }),
  'POST /v1/device/heartbeat': ({ project_id, job_id }) => ({ project_id, job_id }),
  'POST /v1/device/report_metrics': ({ project_id, job_id }) => ({ project_id, job_id, first: 0, reports: [{ metrics: { loss: 1 } }] }),
  'POST /v1/device/report_failure': ({ project_id, job_id }) => ({ project_id, job_id, reason: 'battery low' }),
};

const form = ['--part', 'Content-Disposition: form-data; name="file"; filename="m"', '', '{"w":[1]}', '--part--', ''].join('\r\n');

/** What goes with a request of a route. An upload without a ticket is still a form with a file. Throws for a POST that is not listed above. */
export function payload(route: string, target: Target): { json?: unknown; body?: string; headers?: Record<string, string> } {
  if (route === 'POST /v1/upload') return { body: form, headers: { 'Content-Type': 'multipart/form-data; boundary=part' } };
  if (!route.startsWith('POST ')) return {};
  const body = bodies[route];
  if (!body) throw new Error(`test/access/requests.ts does not say what ${route} sends.`);
  return { json: body(target) };
}

/** What a GET must say besides its path. */
const queries: Readonly<Record<string, (target: Target) => string>> = {
  '/v1/project/compare/:project_id': ({ experiment_id, other_experiment_id = unknownId() }) => `?experiment_ids=${experiment_id},${other_experiment_id}`,
};

/** The path with its ids filled in, and what goes with it. */
export const fill = (path: string, target: Target): string => path.replace(/:(\w+)/g, (_, name: keyof Target) => target[name]!) + (queries[path]?.(target) ?? '');

/**
 * Objects for requests that are going to succeed and use up what they are about, so that the next row finds the world
 * as it was. Everything else works on what is there for all.
 */
export const throwaways: Readonly<Record<string, (world: World, who: string) => Promise<Partial<Target>>>> = {
  'POST /v1/project/delete': async (world, who) => ({ project_id: await projectOf(world, who) }),
  'POST /v1/user/disable': async (world) => ({ user_id: await user(world) }),
  'POST /v1/user/enable': async (world) => ({ user_id: await user(world) }),
  'POST /v1/user/reset_key': async (world) => ({ user_id: await user(world) }),
  'GET /v1/project/compare/:project_id': async ({ api, keys, here }) => ({ other_experiment_id: await newExperiment(api, here.project_id, keys['owner']) }),
  'POST /v1/experiment/delete': async ({ api, keys, here }) => ({ experiment_id: await newExperiment(api, here.project_id, keys['owner']) }),
  // The one that is there for all has a job that runs.
  'POST /v1/experiment/rollback': async ({ api, keys, here }) => ({ experiment_id: await trainable(api, here.project_id, keys['owner']!) }),
  'POST /v1/project/add_member': async (world) => ({ user_id: await user(world) }),
  'POST /v1/project/update_member': async (world) => ({ user_id: await memberHere(world) }),
  'POST /v1/project/remove_member': async (world) => ({ user_id: await memberHere(world) }),
  'POST /v1/auth/revoke': async (world, who) => ({ key_id: await keyOf(world, who) }),
  'POST /v1/auth/revoke_session': async ({ api, keys }, who) => ({ session_id: (await signIn(api, { key: keys[who]! })).id }),
  'POST /v1/device/delete': async ({ api, keys, here }) => ({ device_id: (await newDevice(api, here.project_id, keys['owner']!)).deviceId }),
  'POST /v1/job/retry': async ({ spare }) => ({ job_id: spare.cancelled }),
  'POST /v1/job/cancel': async ({ spare }) => ({ job_id: spare.cancelled }),
  'POST /v1/device/submit_evaluation': async ({ spare }) => ({ job_id: spare.evaluating }),
  'POST /v1/device/report_failure': async ({ spare }) => ({ job_id: spare.forReports }),
};

async function user({ api: { ctx } }: World): Promise<string> {
  const id = unknownId();
  await ctx.db.prisma.user.create({ data: { id, isServerAdmin: false, createdAt: ctx.clock.now() } });
  return id;
}

async function memberHere(world: World): Promise<string> {
  const userId = await user(world);
  const { ctx } = world.api;
  await ctx.db.prisma.member.create({ data: { projectId: world.here.project_id, userId, level: 5, createdAt: ctx.clock.now() } });
  return userId;
}

/** A project in which one of the people is what they are in the world's project. */
async function projectOf({ api: { ctx }, userIds, here }: World, who: string): Promise<string> {
  const { level } = await ctx.db.prisma.member.findUniqueOrThrow({ where: { projectId_userId: { projectId: here.project_id, userId: userIds[who]! } } });
  const id = unknownId();
  const createdAt = ctx.clock.now();
  await ctx.db.prisma.project.create({ data: { id, name: 'throwaway', createdAt, members: { create: { userId: userIds[who]!, level, createdAt } } } });
  return id;
}

async function keyOf({ api: { ctx }, keys }: World, who: string): Promise<string> {
  const secretHash = ctx.secrets.hashApiKey(keys[who]!);
  const { userId } = await ctx.db.prisma.apiKey.findFirstOrThrow({ where: { secretHash } });
  const { id, key } = newApiKey('vgu');
  await ctx.db.prisma.apiKey.create({ data: { id, kind: 'USER', userId, secretHash: ctx.secrets.hashApiKey(key), createdAt: ctx.clock.now() } });
  return id;
}
