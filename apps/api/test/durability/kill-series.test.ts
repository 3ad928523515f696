import { anyMoment, seededRandom, testSeed } from '@vergeai/testkit';
import { describe, expect, it } from 'vitest';
import { databases, send } from '../support/api.js';
import { killableServer, unlessBroken } from '../support/killable-server.js';
import { cancelJob, createSeries, eventsOf, getExperiment, getJob, jobWith, model, newTraining, submitUpdate } from '../support/training.js';

const ROUNDS = 4;
/** By the number of the job: it stalls after the fourth, and the sixth stops the series. */
const LOSSES = [0.9, 0.7, 0.8, 0.6, 0.65, 0.61, 0.1, 0.1, 0.1];
/** Fewer than those after which an aggregation is given up. */
const KILLS_A_JOB = 2;

describe.each(databases)('a server on %s that is killed with -9 around a paused experiment', (database) => {
  it('lets the running job finish and starts nothing after it, however often it is started again', { timeout: 300_000 }, async () => {
    const random = seededRandom(testSeed(`kills around a pause on ${database}`));
    const server = await killableServer(database);
    let api = await server.start();
    const training = await newTraining(api, 1);
    const ids = { project_id: training.project, experiment_id: training.experiment };
    const post = (which: string) => send(api, 'POST', `/v1/experiment/${which}`, { key: api.adminKey, json: ids });
    const pausedAt = async () => (await send(api, 'GET', `/v1/experiment/describe/${training.project}/${training.experiment}`, { key: api.adminKey })).body.paused_at as string | null;
    for (let round = 0; round < ROUNDS; round++) {
      const [first, second] = (await createSeries(api, training, 2)).body.job_ids as [string, string];
      let acknowledged = false;
      const pausing = unlessBroken(post('pause').then(() => void (acknowledged = true)));
      if (random() < 0.5) await pausing;
      const submitting = unlessBroken(submitUpdate(api, training, first, training.devices[0]!, model(round)));
      await anyMoment(random, 60);
      await server.kill();
      await Promise.all([pausing, submitting]);
      api = await server.start();

      if (acknowledged) expect(await pausedAt()).toEqual(expect.any(String));
      // Whatever had not been answered is asked for once more; what had been stays so.
      await post('pause');
      await unlessBroken(submitUpdate(api, training, first, training.devices[0]!, model(round)));
      await jobWith(api, training, first, 'COMPLETED', 60_000);
      if (acknowledged) expect((await getJob(api, training, second)).status).toBe('INITIALIZED');
      await server.kill();
      api = await server.start();
      if (acknowledged) expect((await getJob(api, training, second)).status).toBe('INITIALIZED');
      expect(await getExperiment(api, training)).toMatchObject({ is_active: true });
      await post('resume');
      expect((await getJob(api, training, second)).status).toBe('IN_PROGRESS');
      await cancelJob(api, training, second);
    }
    const told = (await eventsOf(api, training)).map(({ type }) => type).filter((type) => /paused|resumed/.test(type));
    expect(told).toEqual(Array.from({ length: ROUNDS }, () => ['experiment_paused', 'experiment_resumed']).flat());
  });
});

describe.each(databases)('a server on %s that is killed with -9 while a series with a stop rule is trained', (database) => {
  it('stops it once, after the right job, cancels exactly the rest, and knows the best model', { timeout: 600_000 }, async () => {
    const random = seededRandom(testSeed(`kills while a series trains on ${database}`));
    const server = await killableServer(database);
    let api = await server.start();
    const training = await newTraining(api, 1);
    const ids = { project_id: training.project, experiment_id: training.experiment };
    const goal = { metric: 'loss', mode: 'min' };
    await send(api, 'POST', '/v1/experiment/update', { key: api.adminKey, json: { ...ids, keep_best: goal } });
    const { job_ids } = (await createSeries(api, training, LOSSES.length, { stop_when: { ...goal, patience: 2 } })).body as { job_ids: string[] };
    for (const [at, job] of job_ids.entries()) {
      const status = async () => (await getJob(api, training, job)).status as string;
      const submit = () => submitUpdate(api, training, job, training.devices[0]!, model(at), { metrics: { loss: LOSSES[at] } });
      for (let kill = 0; kill < KILLS_A_JOB && !['COMPLETED', 'CANCELLED'].includes(await status()); kill++) {
        const submitting = unlessBroken(submit());
        // Any moment: while it is taken, while it is aggregated, while the job completes and the series is judged.
        await anyMoment(random, 120);
        await server.kill();
        await submitting;
        api = await server.start();
      }
      if ((await status()) === 'CANCELLED') continue;
      // What was taken is not taken again, and one that is complete takes nothing.
      await submit();
      await jobWith(api, training, job, 'COMPLETED', 60_000);
    }
    const { body } = await send(api, 'GET', `/v1/experiment/describe/${training.project}/${training.experiment}`, { key: api.adminKey });
    expect(body.jobs.data.map(({ status }: { status: string }) => status).reverse()).toEqual([...Array.from({ length: 6 }, () => 'COMPLETED'), ...Array.from({ length: 3 }, () => 'CANCELLED')]);
    expect(body.series).toMatchObject([{ status: 'stopped', stalled: 2, best: { job_id: job_ids[3], value: 0.6 } }]);
    expect(body.best_model).toMatchObject({ job_id: job_ids[3], value: 0.6 });
    expect((await eventsOf(api, training)).filter(({ type }) => type === 'series_stopped')).toMatchObject([{ job_id: job_ids[5], data: { cancelled: 3 } }]);
  });
});
