import { ADMIN_KEY } from '@vergeai/testkit';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRunner, type Runner } from '../reference/runners.js';
import { describeInBrowser } from '../support/browser.js';
import { openLab, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';
import { HOSTILE, shownCode, shownLanguages } from '../support/shown-code.js';

describeInBrowser('the code of actions', (stage) => {
  let lab: Lab;
  const runners: Partial<Record<string, Runner | undefined>> = {};
  beforeAll(async () => {
    lab = await openLab(stage.server, 'Actions');
    await lab.device('only');
    for (const language of shownLanguages) runners[language] = startRunner[language]!();
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
    const codeOf = async (within: Locator, title: string) => {
      if ((await within.getAttribute('open')) === null) await within.locator('summary').click();
      return (await shownCode(within, language))[title]!;
    };
    const disclosures = page.locator('details', { has: page.locator('summary', { hasText: /^Code$/ }) });
    const form = page.getByRole('form', { name: 'Add jobs' });
    await form.getByRole('spinbutton', { name: 'Jobs' }).fill('3');
    expect(await runner.run(await codeOf(form.locator('details'), 'Add the jobs'), ADMIN_KEY)).not.toHaveProperty('refused');
    const { jobs } = (await lab.api.Experiment.get(ids)).body;
    expect(jobs).toHaveLength(3);
    const forked = await runner.run(await codeOf(disclosures.first(), 'Fork from the current model'), ADMIN_KEY);
    expect((await lab.api.Experiment.describe({ ...ids, experiment_id: (forked.body as { ID: string }).ID })).body.forked_from).toBe(experiment);

    await page.goto(`${stage.server.url}/p/${lab.project_id}/e/${experiment}/j/1`);
    expect(await runner.run(await codeOf(disclosures.first(), 'Cancel the job'), ADMIN_KEY)).not.toHaveProperty('refused');
    expect((await lab.api.Job.get({ project_id: lab.project_id, job_id: jobs[0]! })).body.status).toBe('CANCELLED');
    await page.getByRole('button', { name: 'Try again', exact: true }).waitFor();
    await page.getByRole('region', { name: 'Try again' }).waitFor();
    expect(await runner.run(await codeOf(disclosures.first(), 'Try again'), ADMIN_KEY)).not.toHaveProperty('refused');
    expect((await lab.api.Experiment.get(ids)).body.jobs).toHaveLength(4);
  });

  it('can be read by everybody', async () => {
    const experiment = await lab.experiment('To look at');
    await expectFitForEverybody(stage, 'code', `/p/${lab.project_id}/e/${experiment}`, async (page) => {
      const codes = page.locator('summary', { hasText: /^Code$/ });
      await codes.nth(1).click();
      await codes.first().click();
      await page.getByRole('region', { name: 'Add the jobs' }).waitFor();
    });
  });
});
