import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldWithExperiment, type WorldWithExperiment } from './support/world.js';

let here: WorldWithExperiment;
beforeAll(async () => {
  here = await worldWithExperiment();
});
afterAll(() => here[Symbol.asyncDispose]());

/** What curl is answered when it is given what --curl prints. */
async function byCurl(command: string): Promise<unknown> {
  const { code, stdout, stderr } = await here.shell(`${command} --curl | sed 's/^curl /curl --silent /' | sh`);
  expect(code, stderr).toBe(0);
  return stdout === '' ? undefined : (JSON.parse(stdout) as unknown);
}

describe('--curl', () => {
  it('never prints the key', async () => {
    const { stdout, stderr } = await here.verge(['experiment', 'create', '--curl']);
    expect(stdout).toContain('$VERGEAI_API_KEY');
    expect(stdout + stderr).not.toContain(here.key);
  });

  it('prints a request that has the same effect', async () => {
    const { project_id, experiment_id } = here;
    expect(await byCurl(`verge experiment create "It's \\"new\\"" -p note='a b' -p seed=12345678901234567890`)).toMatchObject({ ID: expect.any(String) });
    const created = (await here.client.Experiment.list({ project_id, limit: 1 })).body.data[0]!;
    expect(created.name).toBe(`It's "new"`);
    expect((await here.client.Experiment.get({ project_id, experiment_id: created.experiment_id })).body.hyperparameters).toEqual({ note: 'a b', seed: 12345678901234567890n });

    await byCurl(`verge experiment edit ${experiment_id} --tag paper`);
    expect((await here.client.Experiment.describe({ project_id, experiment_id })).body.tags).toEqual(['paper']);
    await byCurl('verge device register --name laptop-1');
    await byCurl('verge job create');
    await byCurl('verge job cancel @last');
    await byCurl('verge job retry 1');
    expect((await here.client.Job.list({ project_id, experiment_id })).body.data.map(({ status }) => status)).toEqual(['IN_PROGRESS', 'CANCELLED']);
    await byCurl(`verge experiment delete ${created.experiment_id}`);
    expect((await here.client.Experiment.list({ project_id })).body.total).toBe(1);
  });

  it('prints a request that is answered the same', async () => {
    for (const command of ['project list', 'project view', 'experiment list', 'experiment view', 'experiment list --search base --status idle', 'events', 'auth keys list', 'api experiment.get', 'api auth.whoami']) {
      const asked = await byCurl(`verge ${command}`);
      const shown = JSON.parse((await here.verge([...command.split(' '), '--json'])).stdout) as unknown;
      const answer = Array.isArray(shown) ? (asked as { data: unknown }).data : asked;
      // Times go on, and so does a key's last use.
      const still = (value: unknown) => JSON.parse(JSON.stringify(value, (name, member: unknown) => (['now', 'last_used_at', 'duration_sec'].includes(name) ? null : member))) as unknown;
      expect(still(answer), command).toEqual(still(shown));
    }
  });
});
