import { eventually, smallDisk, startServer, type RunningServer, type SmallDisk } from '@vergeai/testkit';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { newExperiment, newProject, send, type Reply, type TestApi } from '../support/api.js';
import { cancelJob, deleteDevice, getJob, newJob, newTraining } from '../support/training.js';
import { expectProblem, getExperiment, submitText } from '../support/uploads.js';

const bulky = { hyperparameters: { text: 'y'.repeat(60_000) } };

describe('a server on SQLite whose disk is full to the last byte', { timeout: 300_000 }, () => {
  let disk: SmallDisk | undefined;
  let server: RunningServer | undefined;
  afterEach(async () => {
    await server?.kill();
    await disk?.remove();
    server = disk = undefined;
  });

  async function mounted({ skip }: TestContext, mib: number): Promise<SmallDisk> {
    disk = await smallDisk(mib);
    if (!disk) skip('no small disk can be mounted here');
    return disk!;
  }
  const start = async ({ folder, under }: SmallDisk) => {
    server = await startServer({ dataDir: `${folder}/data`, under });
    return { url: server.url, adminKey: server.key, dataDir: `${folder}/data` } as TestApi;
  };
  const post = (api: TestApi, operation: string, json: Record<string, unknown>) => send(api, 'POST', `/v1/${operation}`, { key: api.adminKey, json });
  const createBulky = (api: TestApi, project: string) => post(api, 'experiment/create', { project_id: project, ...bulky });

  async function untilRefused(api: TestApi, project: string): Promise<Reply> {
    for (let n = 0; n < 2_000; n++) {
      const reply = await createBulky(api, project);
      if (reply.status !== 200) return reply;
    }
    throw new Error('the disk takes everything');
  }

  it('refuses with 507 what adds to it, still reads, cancels, revokes and deletes, and takes everything again after that', async (context) => {
    const full = await mounted(context, 32);
    const api = await start(full);
    full.fill(14);
    const training = await newTraining(api, 3);
    const job = await newJob(api, training);
    const bulkyProject = await newProject(api);
    const empty = { project: training.project, experiment: await newExperiment(api, training.project) };
    const { body: spare } = await post(api, 'auth/create', {});
    const { body: keys } = await send(api, 'GET', '/v1/auth/list', { key: api.adminKey });

    expectProblem(await untilRefused(api, bulkyProject), 507, 'storage_full');
    full.fill();
    expectProblem(await untilRefused(api, bulkyProject), 507, 'storage_full');
    expectProblem(await submitText(api, empty, '{"w":[1]}'), 507, 'storage_full');
    expectProblem(await createBulky(api, bulkyProject), 507, 'storage_full');

    expect((await send(api, 'GET', '/readyz')).status).toBe(200);
    expect((await getExperiment(api, training)).ID).toBe(training.experiment);
    expect((await deleteDevice(api, training, training.devices[0]!)).status).toBe(200);
    expect((await cancelJob(api, training, job)).status).toBe(200);
    expect((await getJob(api, training, job)).status).toBe('CANCELLED');
    const revoked = keys.data.find(({ revoked_at, key_id }: { revoked_at: unknown; key_id: string }) => revoked_at === null && key_id !== 'bootstrap');
    expect((await post(api, 'auth/revoke', { key_id: revoked.key_id })).status).toBe(200);
    expect(spare.key).toMatch(/^vgu_/);
    expect((await post(api, 'project/delete', { project_id: bulkyProject })).status).toBe(200);

    full.empty();
    for (let n = 0; n < 50; n++) expect((await createBulky(api, training.project)).status).toBe(200);
    expect((await submitText(api, empty, '{"w":[1]}')).status).toBe(204);
  });

  it('starts on it after kill -9, has all that it acknowledged, and deletes', async (context) => {
    const full = await mounted(context, 32);
    const before = await start(full);
    const project = await newProject(before);
    const kept = await newExperiment(before, await newProject(before));
    await untilRefused(before, project);
    full.fill();
    await server!.kill();
    const after = await start(full);
    const { data } = (await send(after, 'GET', '/v1/project/list', { key: after.adminKey })).body;
    expect(data).toHaveLength(2);
    expect((await post(after, 'project/delete', { project_id: project })).status).toBe(200);
    expect(kept).toMatch(/^[0-9a-f]{32}$/);
  });

  it('says in a sentence that it can not begin there', async (context) => {
    const full = await mounted(context, 1);
    full.fill();
    const error = await start(full).then(() => undefined, (reason: unknown) => (reason as Error).message);
    expect(error).toMatch(/\(1\):\n[^\n]*(disk is full|cannot be made or written \(ENOSPC\))[^\n]*$/);
  });

  it('goes on serving when its log can not be written any more', async (context) => {
    const full = await mounted(context, 1);
    const log = `${full.folder}/log`;
    // The log is on the full disk, and the data are not.
    const toLog = ['bash', '-c', `: > ${log}; tail --pid=$$ -n +1 -f ${log} & exec "$@" > ${log} 2>&1`, 'bash'];
    server = await startServer({ under: [...full.under, ...toLog], env: { LOG_LEVEL: 'info' } });
    const api = { url: server.url, adminKey: server.key, dataDir: server.dataDir } as TestApi;
    full.fill();
    for (let n = 0; n < 200; n++) expect((await send(api, 'GET', '/livez')).status).toBe(200);
    await newProject(api);
    full.empty();
    const { headers } = await send(api, 'GET', '/readyz');
    await eventually('what it did since is in the log', () => full.run(`cat ${log}`).includes(headers.get('X-Request-Id')!));
    await server.stop();
  });
});
