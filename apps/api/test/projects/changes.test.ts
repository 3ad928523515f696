import type { ProjectMessage } from '@vergeai/contract';
import { eventually } from '@vergeai/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writePresence } from '../../src/upkeep/write-presence.js';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { openStream } from '../support/listen.js';
import { snapshot } from '../support/rows.js';
import { cancelJob, model, newJob, newTraining, nextJob, submitUpdate } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

describe.each(databases)('project/changes on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  const open: { hangUp(): void }[] = [];
  beforeAll(async () => {
    api = await startApi(database, { LOG_LEVEL: 'silent' }, { clock });
  });
  afterEach(() => open.splice(0).forEach((stream) => stream.hangUp()));
  afterAll(() => api.close());

  const post = async (path: string, json: object, key = api.adminKey) => {
    const reply = await send(api, 'POST', path, { key, json });
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply.body;
  };

  async function listen(project: string, key = api.adminKey) {
    const stream = await openStream<ProjectMessage>(`${api.url}/v1/project/changes/${project}`, { Authorization: key });
    open.push(stream);
    await eventually('it says hello', () => stream.events.length > 0);
    const told = () => stream.events.flatMap(({ data }) => (data.type === 'change' ? [`${data.about} ${data.id} ${data.experiment_id}`] : []));
    /** What is told of what `act` does, once all that happened before has been told, which another device shows. */
    const during = async (act: () => Promise<unknown>, mark: string) => {
      await clock.advance(1_000);
      const { device_id } = await post('/v1/device/create', { project_id: project });
      await eventually('what was before is told', () => told().includes(`device ${device_id} null`));
      const before = stream.events.length;
      await act();
      await eventually(`${mark} is told`, () => told().slice(before - 1).includes(mark));
      return new Set(told().slice(before - 1));
    };
    return { ...stream, told, during };
  }

  async function memberOf(project: string, level = 1) {
    const member = await newUser(api);
    await post('/v1/project/add_member', { project_id: project, user_id: member.userId, permission_level: level });
    return member;
  }

  it('is an event stream, and nothing else: without numbers, and it begins with the version of the server', async () => {
    const project = await newProject(api);
    const stream = await listen(project);
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const { body } = await send(api, 'GET', '/v1/auth/whoami', { key: api.adminKey });
    expect(stream.events).toEqual([{ id: Number.NaN, type: 'hello', data: { type: 'hello', version: body.server.version } }]);
    expectProblem(await send(api, 'GET', `/v1/project/changes/${project}`, { key: api.adminKey, headers: { Accept: 'application/json' } }), 406, 'not_acceptable');
  });

  it('tells of each thing that is committed: the project, members, devices, experiments and jobs with their experiment', async () => {
    const project = await newProject(api);
    const stream = await listen(project);
    const all = async (act: () => Promise<unknown>, mark: string) => [...(await stream.during(act, mark))];

    const ofProject = `project ${project} null`;
    expect(await all(() => post('/v1/project/update', { project_id: project, project_name: 'Other' }), ofProject)).toEqual([ofProject]);
    expect(await all(() => post('/v1/project/limit_storage', { project_id: project, max_bytes: 10_000_000 }), ofProject)).toEqual([ofProject]);

    const user = await newUser(api);
    const member = { project_id: project, user_id: user.userId };
    const ofMember = `member ${user.userId} null`;
    expect(await all(() => post('/v1/project/add_member', { ...member, permission_level: 1 }), ofMember)).toEqual([ofMember]);
    expect(await all(() => post('/v1/project/update_member', { ...member, permission_level: 5 }), ofMember)).toEqual([ofMember]);
    expect(await all(() => post('/v1/project/remove_member', member), ofMember)).toEqual([ofMember]);

    const { ID: experiment } = await post('/v1/experiment/create', { project_id: project });
    const ofExperiment = `experiment ${experiment} ${experiment}`;
    await eventually('the experiment is told', () => stream.told().includes(ofExperiment));
    expect(await all(() => post('/v1/experiment/update', { project_id: project, experiment_id: experiment, experiment_name: 'Named' }), ofExperiment)).toEqual([ofExperiment]);
    await post('/v1/experiment/submit_start_model', { project_id: project, experiment_id: experiment, model: model(0) });
    const { ID: fork } = await post('/v1/experiment/fork', { project_id: project, experiment_id: experiment, from: 'start' });
    await eventually('the fork is told', () => stream.told().includes(`experiment ${fork} ${fork}`));
    expect(await all(() => post('/v1/experiment/delete', { project_id: project, experiment_id: fork }), `experiment ${fork} ${fork}`)).toEqual([`experiment ${fork} ${fork}`]);

    const { device_id: device } = await post('/v1/device/create', { project_id: project });
    const ofDevice = `device ${device} null`;
    await eventually('the device is told', () => stream.told().includes(ofDevice));
    expect(await all(() => post('/v1/device/update', { project_id: project, device_id: device, labels: ['gpu'] }), ofDevice)).toEqual([ofDevice]);
    expect(await all(() => post('/v1/device/delete', { project_id: project, device_id: device }), ofDevice)).toEqual([ofDevice]);
  });

  it('tells of leases, heartbeats, reports, uploads, updates and the presence of devices', async () => {
    const training = await newTraining(api, 2);
    const stream = await listen(training.project);
    const job = await newJob(api, training, { num_devices: 2 });
    const ofJob = `job ${job} ${training.experiment}`;
    await eventually('the job is told', () => stream.told().includes(ofJob));
    const [first] = training.devices;
    const ids = { project_id: training.project, job_id: job };
    expect([...(await stream.during(() => nextJob(api, training, first!, 0), ofJob))]).toEqual([ofJob]);
    expect([...(await stream.during(() => post('/v1/device/heartbeat', { ...ids, progress: { fraction: 0.5 } }, first!.key), ofJob))]).toEqual([ofJob]);
    expect([...(await stream.during(() => post('/v1/device/report_metrics', { ...ids, first: 0, reports: [{ metrics: { loss: 1 } }] }, first!.key), ofJob))]).toEqual([ofJob]);
    expect([...(await stream.during(() => post('/v1/device/submit_model_update', ids, first!.key), ofJob))]).toEqual([ofJob]);
    expect([...(await stream.during(() => submitUpdate(api, training, job, first!, model(1)), ofJob))]).toEqual([ofJob]);
    // What has been written down by itself is told as well.
    await writePresence(api.ctx);
    await eventually('the device is told', () => stream.told().includes(`device ${first!.id} null`));
  });

  it('tells of one thing at most once a second, and of what happened last in any case', async () => {
    const training = await newTraining(api, 1);
    const stream = await listen(training.project);
    const update = () => post('/v1/experiment/update', { project_id: training.project, experiment_id: training.experiment, tags: [] });
    const mark = `experiment ${training.experiment} ${training.experiment}`;
    const count = () => stream.told().filter((each) => each === mark).length;
    for (let at = 0; at < 5; at++) await update();
    await post('/v1/device/create', { project_id: training.project });
    await eventually('another thing is told', () => stream.told().some((each) => each.startsWith('device')));
    expect(count()).toBe(1);
    await clock.advance(1_000);
    await eventually('the last is told', () => count() === 2);
    await clock.advance(3_000);
    await post('/v1/device/create', { project_id: training.project });
    await eventually('another thing is told', () => stream.told().filter((each) => each.startsWith('device')).length === 2);
    expect(count()).toBe(2);
  });

  it('says nothing of other projects, of what was refused, or of what was only looked at, and writes nothing', async () => {
    const [mine, other] = [await newTraining(api, 1), await newTraining(api, 1)];
    const stream = await listen(mine.project);
    await cancelJob(api, other, await newJob(api, other));
    await send(api, 'POST', '/v1/job/create', { key: api.adminKey, json: { project_id: mine.project, experiment_id: mine.experiment, num_devices: 9 } });
    const before = await snapshot(api);
    for (const path of ['overview', 'get', 'members']) await send(api, 'GET', `/v1/project/${path}/${mine.project}`, { key: api.adminKey });
    const second = await listen(mine.project);
    expect(await snapshot(api)).toEqual(before);
    await post('/v1/project/update', { project_id: mine.project, project_name: 'Mine' });
    await eventually('it is told to both', () => stream.told().length > 0 && second.told().length > 0);
    expect([stream.told(), second.told()]).toEqual([[`project ${mine.project} null`], [`project ${mine.project} null`]]);
  });

  it('says goodbye with the reason when the right is lost: at once to a member that is removed, within ten seconds when a key is revoked', async () => {
    const training = await newTraining(api, 1);
    const [removed, revoked] = [await memberOf(training.project), await memberOf(training.project)];
    const [one, two] = [await listen(training.project, removed.key), await listen(training.project, revoked.key)];
    await post('/v1/project/remove_member', { project_id: training.project, user_id: removed.userId });
    await eventually('it is over', () => one.isOver());
    expect(one.events.at(-1)?.data).toEqual({ type: 'bye', code: 'project_not_found' });
    expect(one.told()).toEqual([]);

    const { body } = await send(api, 'GET', '/v1/auth/list', { key: revoked.key });
    await post('/v1/auth/revoke', { key_id: body.data[0].key_id }, revoked.key);
    expect(two.isOver()).toBe(false);
    await clock.advance(10_000);
    await eventually('it is over', () => two.isOver());
    expect(two.events.at(-1)?.data).toEqual({ type: 'bye', code: 'key_invalid' });
  });

  it('ends with the project, and shows signs of life until then', async () => {
    const project = await newProject(api);
    const stream = await listen(project);
    await clock.advance(12_000);
    await eventually('a sign of life', () => stream.comments() > 0);
    await post('/v1/project/delete', { project_id: project });
    await eventually('it is over', () => stream.isOver());
    expect(stream.events.at(-1)?.data).toEqual({ type: 'bye', code: 'project_not_found' });
  });
});
