import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, newExperiment, send, startApi, type TestApi } from '../support/api.js';
import { sha256 } from '../support/models.js';
import { jobWith, model, newJob, newTraining, submitUpdate, type Training } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

interface Node {
  readonly name: string;
  readonly experiment_id: string;
  readonly job_id: string | null;
  readonly sequence: number | null;
  readonly is_current: boolean;
  readonly created_at: string;
}

describe.each(databases)('experiment/lineage on %s', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database);
  });
  afterAll(() => api.close());

  const post = async (path: string, json: Record<string, unknown>) => {
    const { status, body, text } = await send(api, 'POST', path, { key: api.adminKey, json });
    expect(status, text).toBe(200);
    return body;
  };
  const lineage = async ({ project, experiment }: Pick<Training, 'project' | 'experiment'>) => {
    const { status, body, text } = await send(api, 'GET', `/v1/experiment/lineage/${project}/${experiment}`, { key: api.adminKey });
    expect(status, text).toBe(200);
    return body as { nodes: Node[]; edges: Array<{ parent: string; child: string }>; truncated: boolean };
  };
  const fork = async (training: Training, from: string, experiment_name?: string): Promise<Training> =>
    ({ ...training, experiment: (await post('/v1/experiment/fork', { project_id: training.project, experiment_id: training.experiment, from, ...(experiment_name && { experiment_name }) })).ID as string });
  async function trained(training: Training, value: number): Promise<string> {
    const job = await newJob(api, training);
    await submitUpdate(api, training, job, training.devices[0]!, model(value));
    await jobWith(api, training, job, 'COMPLETED');
    return job;
  }
  const startOf = ({ project, experiment }: Pick<Training, 'project' | 'experiment'>) => `${project}/${experiment}/start_model`;
  const madeBy = ({ project, experiment }: Training, job: string) => `${project}/${experiment}/${job}/aggregate_model`;
  const sorted = (edges: ReadonlyArray<{ parent: string; child: string }>) => edges.map(({ parent, child }) => `${parent} > ${child}`).sort();

  it('tells of every model what it came of, over rollbacks and forks, up and down', async () => {
    const root = await newTraining(api, 1);
    const [first, second] = [await trained(root, 1), await trained(root, 2)];
    await post('/v1/experiment/rollback', { project_id: root.project, experiment_id: root.experiment, to: first });
    const third = await trained(root, 3);
    const middle = await fork(root, second, 'Finer');
    const inMiddle = await trained(middle, 4);
    const leaf = await fork(middle, 'current');
    const beside = await fork(root, 'start');
    const besides = await trained(beside, 5);

    const all = await lineage(root);
    expect(all.truncated).toBe(false);
    expect(all.nodes.map(({ name }) => name)).toEqual([
      madeBy(beside, besides), startOf(beside), startOf(leaf), madeBy(middle, inMiddle), startOf(middle), madeBy(root, third), madeBy(root, second), madeBy(root, first), startOf(root),
    ]);
    expect(sorted(all.edges)).toEqual(sorted([
      { parent: startOf(root), child: madeBy(root, first) },
      { parent: madeBy(root, first), child: madeBy(root, second) },
      { parent: madeBy(root, first), child: madeBy(root, third) },
      { parent: madeBy(root, second), child: startOf(middle) },
      { parent: startOf(middle), child: madeBy(middle, inMiddle) },
      { parent: madeBy(middle, inMiddle), child: startOf(leaf) },
      { parent: startOf(root), child: startOf(beside) },
      { parent: startOf(beside), child: madeBy(beside, besides) },
    ]));
    const text = JSON.stringify(model(4));
    expect(all.nodes[3]).toEqual({
      name: madeBy(middle, inMiddle), sha256: sha256(text), kind: 'aggregate', size: text.length, format: 'json', experiment_id: middle.experiment, experiment_name: 'Finer', job_id: inMiddle, sequence: 1, created_at: expect.any(String), is_current: true,
    });
    expect(all.nodes.at(-1)).toMatchObject({ kind: 'start', experiment_name: null, job_id: null, sequence: null, is_current: false });
    expect(all.nodes.filter(({ is_current }) => is_current).map(({ name }) => name).sort()).toEqual([madeBy(root, third), madeBy(middle, inMiddle), startOf(leaf), madeBy(beside, besides)].sort());

    // Of a fork: what it came of, and not what else came of that.
    expect((await lineage(middle)).nodes.map(({ name }) => name)).toEqual([startOf(leaf), madeBy(middle, inMiddle), startOf(middle), madeBy(root, second), madeBy(root, first), startOf(root)]);
    expect((await lineage(leaf)).nodes.map(({ name }) => name)).toEqual([startOf(leaf), madeBy(middle, inMiddle), startOf(middle), madeBy(root, second), madeBy(root, first), startOf(root)]);

    // A parent that is gone leaves its forks without one.
    await post('/v1/experiment/delete', { project_id: root.project, experiment_id: root.experiment });
    const rest = await lineage(middle);
    expect(rest.nodes.map(({ name }) => name)).toEqual([startOf(leaf), madeBy(middle, inMiddle), startOf(middle)]);
    expect(rest.edges).toHaveLength(2);
  });

  it('is empty before there is a start model, and refused of what is not there', async () => {
    const training = await newTraining(api, 1);
    expect(await lineage({ project: training.project, experiment: await newExperiment(api, training.project) })).toEqual({ nodes: [], edges: [], truncated: false });
    expectProblem(await send(api, 'GET', `/v1/experiment/lineage/${training.project}/${'f'.repeat(32)}`, { key: api.adminKey }), 404, 'experiment_not_found');
    // In another project, though the caller sees both.
    const other = await newTraining(api, 1);
    expectProblem(await send(api, 'GET', `/v1/experiment/lineage/${other.project}/${training.experiment}`, { key: api.adminKey }), 404, 'experiment_not_found');
  });

  it('has the newest 2,000 of more models, and says that there are others', async () => {
    const training = await newTraining(api, 1);
    const { prisma } = api.ctx.db;
    const { startModelId } = await prisma.experiment.findUniqueOrThrow({ where: { id: training.experiment } });
    const beginning = Date.now() - 3_600_000;
    await prisma.storedModel.updateMany({ where: { id: startModelId! }, data: { createdAt: new Date(beginning - 1) } });
    const place = { projectId: training.project, experimentId: training.experiment };
    const jobs = Array.from({ length: 2300 }, (_, n) => ({ id: api.ctx.newId(), model: api.ctx.newId(), at: new Date(beginning + n) }));
    for (let at = 0; at < jobs.length; at += 100) {
      const chunk = jobs.slice(at, at + 100);
      await prisma.storedModel.createMany({ data: chunk.map(({ id, model: modelId, at: createdAt }, n) => ({ ...place, id: modelId, kind: 'AGGREGATE' as const, jobId: id, format: 'JSON' as const, size: 7n, sha256: '0'.repeat(64), blobKey: `x/${modelId}`, parentId: jobs[at + n - 1]?.model ?? startModelId, createdAt })) });
      await prisma.job.createMany({ data: chunk.map(({ id, model: modelId, at: endedAt }, n) => ({ ...place, id, sequence: at + n + 1, status: 'COMPLETED' as const, version: 4, numDevices: 1, numBufferDevices: 0, deviceSelectionStrategy: 'RANDOM', terminationCriteria: '[]', updatesReceived: 1, startModelId, aggregateModelId: modelId, createdAt: endedAt, startedAt: endedAt, endedAt })) });
    }
    await prisma.experiment.updateMany({ where: { id: training.experiment }, data: { nextJobSequence: jobs.length + 1, currentModelId: jobs.at(-1)!.model } });
    const { nodes, edges, truncated } = await lineage(training);
    expect([nodes.length, edges.length, truncated]).toEqual([2000, 1999, true]);
    expect(nodes.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 2000 }, (_, n) => 2300 - n));

    // A fork of the last goes up as far, and a fork of an early one has all that it came of.
    const late = await lineage(await fork(training, 'current'));
    expect([late.nodes.length, late.truncated]).toEqual([2000, true]);
    expect(late.nodes.slice(0, 2).map(({ job_id }) => job_id)).toEqual([null, jobs.at(-1)!.id]);
    const early = await lineage(await fork(training, jobs[9]!.id));
    expect([early.nodes.length, early.edges.length, early.truncated]).toEqual([12, 11, false]);
  });
});
