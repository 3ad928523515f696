import { ADMIN_KEY } from '@vergeai/testkit';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRunner, type Runner } from '../reference/runners.js';
import { describeInBrowser } from '../support/browser.js';
import { openLab, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';
import { HOSTILE, shownCode, shownLanguages } from '../support/shown-code.js';

const disclosures = (within: Page | Locator) => within.locator('details:has(> summary:text-is("Code"))');

/** The code that stands where a button does the same. */
const beside = (page: Page, button: string) => disclosures(page.locator(`div:has(> button:text-is("${button}"))`));

describeInBrowser('the code of actions', (stage) => {
  let lab: Lab;
  const runners: Partial<Record<string, Runner | undefined>> = {};
  beforeAll(async () => {
    lab = await openLab(stage.server, 'Actions');
    await lab.device('only');
    for (const language of shownLanguages) runners[language] = startRunner[language]();
  });
  afterAll(async () => {
    for (const runner of Object.values(runners)) await runner?.stop();
  });

  it.each(shownLanguages)('in %s does what the buttons do', async (language) => {
    const runner = runners[language];
    if (runner === undefined) return;
    const experiment = await lab.experiment(`Base ${HOSTILE}`);
    const ids = { project_id: lab.project_id, experiment_id: experiment };
    const page = await stage.openSignedIn(`/p/${lab.project_id}/e/${experiment}`);
    const codeOf = async (disclosure: Locator, title: string) => {
      if ((await disclosure.getAttribute('open')) === null) await disclosure.locator('summary').click();
      await disclosure.getByRole('region', { name: title }).waitFor();
      return (await shownCode(disclosure, language))[title]!;
    };
    const form = page.getByRole('form', { name: 'Add jobs' });
    await form.getByRole('spinbutton', { name: 'Jobs' }).fill('3');
    expect(await runner.run(await codeOf(disclosures(form), 'Add the jobs'), ADMIN_KEY)).not.toHaveProperty('refused');
    const { jobs } = (await lab.api.Experiment.get(ids)).body;
    expect(jobs).toHaveLength(3);
    const forked = await runner.run(await codeOf(beside(page, 'Fork from it'), 'Fork from the current model'), ADMIN_KEY);
    expect((await lab.api.Experiment.describe({ ...ids, experiment_id: (forked.body as { ID: string }).ID })).body.forked_from).toBe(experiment);

    expect(await runner.run(await codeOf(beside(page, 'Pause after this job'), 'Pause'), ADMIN_KEY)).not.toHaveProperty('refused');
    expect((await lab.api.Experiment.describe(ids)).body.paused_at).not.toBeNull();
    expect(await runner.run(await codeOf(beside(page, 'Resume'), 'Resume'), ADMIN_KEY)).not.toHaveProperty('refused');
    expect((await lab.api.Experiment.describe(ids)).body.paused_at).toBeNull();

    await page.goto(`${stage.server.url}/p/${lab.project_id}/e/${experiment}/j/1`);
    expect(await runner.run(await codeOf(beside(page, 'Cancel the job'), 'Cancel the job'), ADMIN_KEY)).not.toHaveProperty('refused');
    expect((await lab.api.Job.get({ project_id: lab.project_id, job_id: jobs[0]! })).body.status).toBe('CANCELLED');
    expect(await runner.run(await codeOf(beside(page, 'Try again'), 'Try again'), ADMIN_KEY)).not.toHaveProperty('refused');
    expect((await lab.api.Experiment.get(ids)).body.jobs).toHaveLength(4);
  });

  it('can be read by everybody', async () => {
    const experiment = await lab.experiment('To look at');
    await expectFitForEverybody(stage, 'code', `/p/${lab.project_id}/e/${experiment}`, async (page) => {
      for (const action of [beside(page, 'Fork from it'), beside(page, 'Pause after this job'), disclosures(page.getByRole('form', { name: 'Add jobs' }))]) {
        await action.locator('summary').click();
      }
      await page.getByRole('region', { name: 'Add the jobs' }).waitFor();
    });
  });
});
