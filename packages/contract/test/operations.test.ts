import { describe, expect, it } from 'vitest';
import { operations, permissionLevels, transferRoutes, type Access } from '../src/index.js';
import { all } from './support/route.js';

/**
 * The operations of the reference, written by hand: what the contract says is what is being tested.
 * The last two columns are the least a user key needs and which device keys are let in.
 */
const table = `
  auth.whoami                 GET   /v1/auth/whoami                                            200  any_key every
  auth.create                 POST  /v1/auth/create                                            200  user    -
  auth.create_key             POST  /v1/auth/create_key                                        200  user    -
  auth.list                   GET   /v1/auth/list                                              200  user    -
  auth.revoke                 POST  /v1/auth/revoke                                            200  user    -
  auth.create_session         POST  /v1/auth/create_session                                    200  sign_in -
  auth.delete_session         POST  /v1/auth/delete_session                                    200  session -
  auth.sessions               GET   /v1/auth/sessions                                          200  user    -
  auth.revoke_session         POST  /v1/auth/revoke_session                                    200  user    -
  auth.create_sign_in_code    POST  /v1/auth/create_sign_in_code                               200  user    -
  user.create                 POST  /v1/user/create                                            200  server_admin -
  user.list                   GET   /v1/user/list                                              200  server_admin -
  user.disable                POST  /v1/user/disable                                           200  server_admin -
  user.enable                 POST  /v1/user/enable                                            200  server_admin -
  user.reset_key              POST  /v1/user/reset_key                                         200  server_admin -
  user.audit                  GET   /v1/user/audit                                             200  server_admin -
  project.create              POST  /v1/project/create                                         200  user    -
  project.update              POST  /v1/project/update                                         200  10      -
  project.delete              POST  /v1/project/delete                                         200  10      -
  project.get                 GET   /v1/project/get/:project_id                                200  1       -
  project.overview            GET   /v1/project/overview/:project_id                           200  1       -
  project.compare             GET   /v1/project/compare/:project_id                            200  1       -
  project.changes             GET   /v1/project/changes/:project_id                            200  1       -
  project.active_jobs         GET   /v1/project/active_jobs/:project_id                        200  1       of_project
  project.list                GET   /v1/project/list                                           200  user    -
  project.storage             GET   /v1/project/storage/:project_id                            200  1       -
  project.limit_storage       POST  /v1/project/limit_storage                                  200  server_admin -
  project.members             GET   /v1/project/members/:project_id                            200  1       -
  project.add_member          POST  /v1/project/add_member                                     200  10      -
  project.update_member       POST  /v1/project/update_member                                  200  10      -
  project.remove_member       POST  /v1/project/remove_member                                  200  10      -
  project.audit               GET   /v1/project/audit/:project_id                              200  10      -
  experiment.create           POST  /v1/experiment/create                                      204  5       -
  experiment.get              GET   /v1/experiment/get/:project_id/:experiment_id              204  1       -
  experiment.submit_start_model POST /v1/experiment/submit_start_model                         204  5       -
  experiment.list             GET   /v1/experiment/list/:project_id                            200  1       -
  experiment.describe         GET   /v1/experiment/describe/:project_id/:experiment_id         200  1       -
  experiment.update           POST  /v1/experiment/update                                      200  5       -
  experiment.delete           POST  /v1/experiment/delete                                      200  10      -
  experiment.fork             POST  /v1/experiment/fork                                        200  5       -
  experiment.rollback         POST  /v1/experiment/rollback                                    200  5       -
  experiment.pause            POST  /v1/experiment/pause                                       200  5       -
  experiment.resume           POST  /v1/experiment/resume                                      200  5       -
  experiment.start_model      GET   /v1/experiment/start_model/:project_id/:experiment_id      200  1       -
  experiment.current_model    GET   /v1/experiment/current_model/:project_id/:experiment_id    200  1       -
  experiment.best_model       GET   /v1/experiment/best_model/:project_id/:experiment_id       200  1       -
  experiment.events           GET   /v1/experiment/events/:project_id/:experiment_id           200  1       -
  experiment.metrics          GET   /v1/experiment/metrics/:project_id/:experiment_id          200  1       -
  experiment.lineage          GET   /v1/experiment/lineage/:project_id/:experiment_id          200  1       -
  experiment.model_layout     GET   /v1/experiment/model_layout/:project_id/:experiment_id     200  1       -
  experiment.metric_series    GET   /v1/experiment/metric_series/:project_id/:experiment_id    200  1       -
  job.create                  POST  /v1/job/create                                             200  5       -
  job.create_series           POST  /v1/job/create_series                                      200  5       -
  job.cancel                  POST  /v1/job/cancel                                             200  5       -
  job.get                     GET   /v1/job/get/:project_id/:job_id                            200  1       -
  job.start_model             GET   /v1/job/start_model/:project_id/:job_id                    200  1       drawn
  job.aggregate_model         GET   /v1/job/aggregate_model/:project_id/:job_id                200  1       -
  job.list                    GET   /v1/job/list/:project_id/:experiment_id                    200  1       -
  job.describe                GET   /v1/job/describe/:project_id/:job_id                       200  1       -
  job.devices                 GET   /v1/job/devices/:project_id/:job_id                        200  1       -
  job.retry                   POST  /v1/job/retry                                              200  5       -
  sweep.create                POST  /v1/sweep/create                                           200  5       -
  sweep.describe              GET   /v1/sweep/describe/:project_id/:sweep_id                   200  1       -
  sweep.list                  GET   /v1/sweep/list/:project_id                                 200  1       -
  sweep.cancel                POST  /v1/sweep/cancel                                           200  5       -
  device.create               POST  /v1/device/create                                          200  5       -
  device.register             POST  /v1/device/register                                        200  5       -
  device.is_active            GET   /v1/device/is_active/:project_id/:job_id/:device_id        200  1       itself
  device.submit_model_update  POST  /v1/device/submit_model_update                             200  nobody  every
  device.submit_evaluation    POST  /v1/device/submit_evaluation                               200  nobody  every
  device.list                 GET   /v1/device/list/:project_id                                200  1       -
  device.get                  GET   /v1/device/get/:project_id/:device_id                      200  1       -
  device.update               POST  /v1/device/update                                          200  5       -
  device.delete               POST  /v1/device/delete                                          200  5       -
  device.next_job             GET   /v1/device/next_job/:project_id                            200  nobody  every
  device.heartbeat            POST  /v1/device/heartbeat                                       200  nobody  every
  device.report_metrics       POST  /v1/device/report_metrics                                  200  nobody  every
  device.report_failure       POST  /v1/device/report_failure                                  200  nobody  every
`;

const expected = table
  .trim()
  .split('\n')
  .map((line) => {
    const [name, method, path, printed, people, devices] = line.trim().split(/\s+/);
    return { name, method, path, printed: Number(printed), people, devices };
  });

const inWords = (access: Access) => {
  switch (access.who) {
    case 'member':
      return { people: String(access.level), devices: access.device ?? '-' };
    case 'any_key':
      return { people: 'any_key', devices: 'every' };
    case 'device':
      return { people: 'nobody', devices: 'every' };
    default:
      return { people: access.who, devices: '-' };
  }
};

describe('the contract', () => {
  it('has the operations of the reference and no other', () => {
    expect(all.map(({ name }) => name).sort()).toEqual(expected.map(({ name }) => name).sort());
  });

  it.each(expected)('$name is $method $path', ({ name, method, path }) => {
    const { route } = all.find((each) => each.name === name)!;
    expect({ method: route.method, path: route.path }).toEqual({ method, path });
  });

  it.each(expected)('$name prints $printed', ({ name, printed }) => {
    expect(all.find((each) => each.name === name)!.metadata.statusCode).toBe(printed);
  });

  it.each(expected)('$name is open to people from $people and to devices: $devices', ({ name, people, devices }) => {
    expect(inWords(all.find((each) => each.name === name)!.metadata.access)).toEqual({ people, devices });
  });

  it('takes a model in the two operations that submit one, and there also gives a ticket', () => {
    const carrying = all.filter(({ metadata }) => metadata.carriesModel);
    expect(carrying.map(({ name }) => name).sort()).toEqual(['device.submit_model_update', 'experiment.submit_start_model']);
    for (const { route } of carrying) expect(Object.keys(route.responses).sort()).toEqual(['200', '204']);
  });

  it('sets a cookie where a session begins and where it ends', () => {
    expect(all.filter(({ metadata }) => metadata.setsCookie).map(({ name }) => name)).toEqual(['auth.create_session', 'auth.delete_session']);
  });

  it('has a body only where something is sent', () => {
    for (const { name, route } of all) expect('body' in route, name).toBe(route.method === 'POST');
  });

  it('has no route twice', () => {
    const routes = [...all.map(({ route }) => route), ...Object.values(transferRoutes)].map(({ method, path }) => `${method} ${path}`);
    expect(new Set(routes).size).toBe(routes.length);
  });

  it('lets a signed ticket be the only right to move bytes', () => {
    expect(Object.values(transferRoutes).map(({ method, path, access }) => [method, path, access.who])).toEqual([
      ['POST', '/v1/upload', 'ticket'],
      ['PUT', '/v1/upload', 'ticket'],
      ['GET', '/v1/download', 'ticket'],
    ]);
  });

  it('names the permission levels as the reference does', () => {
    expect(permissionLevels).toEqual({ OWNER: 100, ADMIN: 10, READ_WRITE: 5, READ_ONLY: 1 });
  });
});

describe('a route without an access policy', () => {
  it('is refused, with its name', () => {
    const bare = { method: 'GET', path: '/v1/hidden', responses: {}, metadata: { statusCode: 200 } } as const;
    expect(() => operations({ things: { hidden: bare } })).toThrow('things.hidden');
    expect(() => operations({ things: { hidden: { method: 'GET', path: '/v1/hidden', responses: {} } } })).toThrow('things.hidden');
  });
});
