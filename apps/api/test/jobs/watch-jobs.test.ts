import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endJob } from '../../src/engine/end-job.js';
import { stepThrough } from '../../src/engine/step-through.js';
import { endOverdueJobs, replaceSilentDevices, replaceVanishedDevices } from '../../src/engine/watch-jobs.js';
import { databases, send, startApi, type TestApi } from '../support/api.js';
import { testClock } from '../support/clock.js';
import { allFaults } from '../support/experiment-log.js';
import { notingQueries, planOf, type Query } from '../support/query-plans.js';
import { getJob, newJob, newTraining, nextJob } from '../support/training.js';

async function inTens(count: number, work: () => Promise<void>): Promise<void> {
  for (let n = 0; n < count; n += 10) await Promise.all(Array.from({ length: 10 }, work));
}

describe.each(databases)('watching jobs on %s', (database) => {
  let api: TestApi;
  const clock = testClock();
  const queries: Query[] = [];
  beforeAll(async () => {
    api = await startApi(database, {}, { clock, change: notingQueries(queries) });
  });
  afterAll(() => api.close());

  it('ends all that are overdue at one look, however many they are', async () => {
    const deadline = [{ type: 'DurationTerminationCriteria', max_duration_sec: 100 }];
    const training = await newTraining(api, 1);
    const { project: project_id, experiment: experiment_id } = training;
    await inTens(120, async () => {
      const { body } = await send(api, 'POST', '/v1/experiment/fork', { key: api.adminKey, json: { project_id, experiment_id } });
      await newJob(api, { ...training, experiment: body.ID as string }, { termination_criteria: deadline });
    });
    await clock.advance(101_000);
    await endOverdueJobs(api.ctx);
    expect(await api.ctx.db.prisma.job.groupBy({ by: ['status'], _count: true })).toEqual([{ status: 'CANCELLED', _count: 120 }]);
    expect(await allFaults(api)).toEqual([]);
  });

  it('does what there is to do for all others when one goes wrong, and tells of that one; who is gone is passed over', async () => {
    const trainings = [await newTraining(api, 1), await newTraining(api, 1), await newTraining(api, 1)];
    const jobs: string[] = [];
    for (const training of trainings) jobs.push(await newJob(api, training));
    const gone = { projectId: trainings[0]!.project, experimentId: 'f'.repeat(32), id: 'f'.repeat(32) };
    const places = [gone, ...trainings.map(({ project, experiment }, at) => ({ projectId: project, experimentId: experiment, id: jobs[at]! }))];
    const work = stepThrough(api.ctx, places, async (step, { id }) => {
      await endJob(step, id, 'CANCELLED', 'asked for by a test');
      if (id === jobs[0]) throw new Error('this one goes wrong');
    });
    await expect(work).rejects.toThrow('this one goes wrong');
    const statuses = await Promise.all(jobs.map(async (job, at) => (await getJob(api, trainings[at]!, job)).status));
    expect(statuses).toEqual(['IN_PROGRESS', 'CANCELLED', 'CANCELLED']);
  });

  it('and waiting for one reads no table from end to end', async () => {
    const training = await newTraining(api, 1);
    queries.length = 0;
    await endOverdueJobs(api.ctx);
    await replaceSilentDevices(api.ctx);
    await replaceVanishedDevices(api.ctx);
    await nextJob(api, training, training.devices[0]!);
    // The three watchers; then the key, and the look for a job.
    expect(queries.length).toBeGreaterThanOrEqual(5);
    for (const query of queries) expect((await planOf(api, query)).filter((line) => /\bSCAN\b|Seq Scan/.test(line)), query.sql).toEqual([]);
  });
});
