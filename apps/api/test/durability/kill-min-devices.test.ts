import { anyMoment, seededRandom, testSeed } from '@vergeai/testkit';
import { describe, expect, it } from 'vitest';
import { databases } from '../support/api.js';
import { killableServer, unlessBroken } from '../support/killable-server.js';
import { aggregateOf, eventsOf, jobWith, model, newJob, newTraining, submitUpdate } from '../support/training.js';

const ROUNDS = 5;
/** Time to hand in two updates; the deadline is looked for twice a second. */
const MAX_DURATION_SEC = 1;
const AROUND_THE_DEADLINE_MS = 1_800;

describe.each(databases)('a server on %s that is killed with -9 around the deadline of a job for which fewer updates are enough', (database) => {
  it('freezes them once, and makes the model of exactly those, each acknowledged one among them', { timeout: 300_000 }, async () => {
    const random = seededRandom(testSeed(`kills around a deadline on ${database}`));
    const server = await killableServer(database);
    let api = await server.start();
    const training = await newTraining(api, 3);
    for (let round = 0; round < ROUNDS; round++) {
      const termination_criteria = [{ type: 'DurationTerminationCriteria', max_duration_sec: MAX_DURATION_SEC }];
      const job = await newJob(api, training, { num_devices: 3, min_devices: 1, termination_criteria });
      const submit = (at: number) => submitUpdate(api, training, job, training.devices[at]!, model(at));
      // Where this machine is too slow for it, the deadline has come first.
      const acknowledged = [(await submit(0)).status, (await submit(1)).status].map((status) => status === 204);
      const killing = anyMoment(random, AROUND_THE_DEADLINE_MS).then(() => server.kill());
      const late = anyMoment(random, AROUND_THE_DEADLINE_MS).then(() => unlessBroken(submit(2)));
      const [, answer] = await Promise.all([killing, late]);
      acknowledged.push(answer?.status === 204);
      api = await server.start();

      if (!acknowledged.includes(true)) continue;
      await jobWith(api, training, job, 'COMPLETED', 60_000);
      const about = (await eventsOf(api, training)).filter(({ job_id }) => job_id === job);
      const taken = about.filter(({ type }) => type === 'model_update_submitted').map(({ device_id }) => training.devices.findIndex(({ id }) => id === device_id));
      expect(acknowledged.flatMap((is, at) => (is && !taken.includes(at) ? [at] : []))).toEqual([]);
      const frozen = about.filter(({ type }) => type === 'job_aggregation_in_progress').map(({ data }) => data);
      expect(frozen).toEqual([taken.length === 3 ? {} : { updates: taken.length }]);
      const mean = taken.reduce((sum, at) => sum + at, 0) / taken.length;
      expect(JSON.parse((await aggregateOf(api, training, job)).toString())).toEqual(model(mean));
    }
  });
});
