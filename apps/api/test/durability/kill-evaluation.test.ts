import { anyMoment, seededRandom, testSeed } from '@vergeai/testkit';
import { describe, expect, it } from 'vitest';
import { databases, send } from '../support/api.js';
import { killableServer, unlessBroken } from '../support/killable-server.js';
import { eventsOf, jobWith, newJob, newTraining, submitEvaluation } from '../support/training.js';

const ROUNDS = 6;
/** Time for the answer, and for what it leads to. */
const AROUND_THE_LAST_MS = 150;

describe.each(databases)('a server on %s that is killed with -9 around the last answer of an evaluation', (database) => {
  it('keeps each acknowledged answer, completes once when it is sent again, and moves no model', { timeout: 300_000 }, async () => {
    const random = seededRandom(testSeed(`kills around the last answer of an evaluation on ${database}`));
    const server = await killableServer(database);
    let api = await server.start();
    const training = await newTraining(api, 2);
    const describeIt = async (path: string) => (await send(api, 'GET', `/v1/${path}`, { key: api.adminKey })).body;
    const current = async () => (await describeIt(`experiment/describe/${training.project}/${training.experiment}`)).current_model.sha256 as string;
    const before = await current();
    for (let round = 0; round < ROUNDS; round++) {
      const job = await newJob(api, training, { kind: 'EVALUATE', num_devices: 2 });
      const submit = (at: number) => submitEvaluation(api, training, job, training.devices[at]!, { accuracy: round + at }, { num_examples: 1 + 2 * at });
      expect((await submit(0)).status).toBe(200);
      const killing = anyMoment(random, AROUND_THE_LAST_MS).then(() => server.kill());
      const [, answer] = await Promise.all([killing, unlessBroken(submit(1))]);
      api = await server.start();

      const taken = async () => (await eventsOf(api, training)).filter(({ type, job_id }) => type === 'evaluation_submitted' && job_id === job).length;
      if (answer?.status === 200) expect(await taken()).toBe(2);
      for (const again of [1, 0]) expect((await submit(again)).status).toBe(200);
      expect(await taken()).toBe(2);
      await jobWith(api, training, job, 'COMPLETED', 60_000);
      expect((await eventsOf(api, training)).filter(({ type, job_id }) => type === 'job_completed' && job_id === job)).toHaveLength(1);
      expect(await describeIt(`job/describe/${training.project}/${job}`)).toMatchObject({ is_complete: true, num_updates: 2, mean: { accuracy: expect.closeTo(round + 0.75, 12) } });
      expect(await current()).toBe(before);
    }
  });
});
