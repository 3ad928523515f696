import { anyMoment, seededRandom, testSeed } from '@vergeai/testkit';
import { describe, expect, it } from 'vitest';
import { databases, send } from '../support/api.js';
import { killableServer, unlessBroken } from '../support/killable-server.js';
import { createSweep, describeSweep, type NewSweep } from '../support/sweeping.js';
import { eventsOf, getExperiment, jobWith, model, newTraining, submitUpdate, type Training } from '../support/training.js';

interface Ranked {
  readonly position: number;
  readonly num_completed: number;
  readonly best: { readonly value: number; readonly sequence: number };
  readonly last: { readonly value: number };
}

const FORKS = 12;
const JOBS = 5;
const KILLS = 8;

describe.each(databases)('a server on %s that is killed with -9 while a sweep of 12 forks of 5 jobs is made and trained', (database) => {
  it('makes it whole and once, completes every job once, and ranks the forks right', { timeout: 600_000 }, async () => {
    const random = seededRandom(testSeed(`kills while a sweep trains on ${database}`));
    const server = await killableServer(database);
    // What each job of each fork is going to report. Two forks share their best value.
    const losses = Array.from({ length: FORKS }, () => Array.from({ length: JOBS }, () => Math.ceil(random() * 1e6) / 1e6));
    losses[7]![2] = losses[4]![3] = 1e-7;
    let api = await server.start();
    const training = await newTraining(api, 1);
    const more = { method: 'random', count: FORKS, seed: 7, hyperparameters: { lr: { min: 1e-4, max: 1, scale: 'log' } }, num_jobs: JOBS };
    const ask = () => unlessBroken(createSweep(api, training, more, { headers: { 'Idempotency-Key': 'the sweep' } }));
    // At any moment of its making, then after it.
    for (let kill = 0; kill < 3; kill++) {
      const asked = ask();
      await anyMoment(random, 150);
      await server.kill();
      await asked;
      api = await server.start();
    }
    const made = (await ask())!;
    expect(made.status, made.text).toBe(200);
    const sweep = made.body as NewSweep;
    expect((await send(api, 'GET', `/v1/sweep/list/${training.project}`, { key: api.adminKey })).body.data).toHaveLength(1);
    expect((await send(api, 'GET', `/v1/experiment/list/${training.project}`, { key: api.adminKey })).body.total).toBe(1 + FORKS);

    const killAt = new Set(Array.from({ length: KILLS }, () => Math.floor(random() * FORKS * JOBS)));
    for (let round = 0; round < JOBS; round++) {
      for (const [at, { experiment_id }] of sweep.members.entries()) {
        const fork: Training = { ...training, experiment: experiment_id };
        const job = (await getExperiment(api, fork)).jobs[round] as string;
        const submit = () => unlessBroken(submitUpdate(api, fork, job, fork.devices[0]!, model(round), { metrics: { loss: losses[at]![round] } }));
        await jobWith(api, fork, job, 'IN_PROGRESS', 60_000);
        if (killAt.has(round * FORKS + at)) {
          const submitting = submit();
          // While it is taken, aggregated, or the fork or the whole sweep comes to its end.
          await anyMoment(random, 120);
          await server.kill();
          await submitting;
          api = await server.start();
        }
        await submit();
        await jobWith(api, fork, job, 'COMPLETED', 60_000);
      }
    }
    const { status, members } = await describeSweep(api, training, sweep.sweep_id);
    expect(status).toBe('COMPLETED');
    const order = losses.map((all, at) => ({ at, best: Math.min(...all) })).toSorted((one, other) => one.best - other.best || one.at - other.at);
    expect(members.map(({ position, num_completed, best, last }: Ranked) => ({ position, num_completed, best: best.value, job: best.sequence, last: last.value }))).toEqual(
      order.map(({ at, best }) => ({ position: at + 1, num_completed: JOBS, best, job: losses[at]!.indexOf(best) + 1, last: losses[at]![JOBS - 1] })),
    );
    expect(order.slice(0, 2).map(({ at }) => at)).toEqual([4, 7]);
    const told = (await Promise.all(sweep.members.map(({ experiment_id }) => eventsOf(api, { ...training, experiment: experiment_id })))).flat();
    expect(told.filter(({ type }) => type === 'job_completed')).toHaveLength(FORKS * JOBS);
    expect(told.filter(({ type }) => type === 'sweep_completed')).toHaveLength(1);
    expect(new Set(sweep.members.map(({ hyperparameters }) => hyperparameters['lr'])).size).toBe(FORKS);
  });
});
