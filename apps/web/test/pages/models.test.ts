import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser("an experiment's models", (stage) => {
  let lab: Lab;
  let experiment = '';
  const jobs: string[] = [];
  const path = (search = '') => `/p/${lab.project_id}/e/${experiment}/models${search}`;
  const shown = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).waitFor();
  const describe = async (experiment_id = experiment) => (await lab.api.Experiment.describe({ project_id: lab.project_id, experiment_id })).body;

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    const device = await lab.device('Ada');
    experiment = await lab.experiment('Baseline');
    for (const w of [[1, 1, 1], [2, 2, 2]]) {
      const { ID: job_id } = (await lab.api.Job.create({ project_id: lab.project_id, experiment_id: experiment, num_devices: 1 })).body;
      await device.take();
      await device.submit(job_id, { model: { w } });
      await lab.api.Job.wait_for_completion({ project_id: lab.project_id, job_id });
      jobs.push(job_id);
    }
  });

  it('shows which came of which, and the current one in full, with its tensors', async () => {
    const page = await stage.openSignedIn(path());
    await shown(page, 'Model of job 2, the current one');
    const rows = page.getByRole('region', { name: 'Which came of which' }).locator('tbody tr');
    expect(await rows.evaluateAll((all) => all.map((row) => [...row.children].slice(0, 2).map(({ textContent }) => textContent.trim())))).toEqual([
      ['Model of job 2 current', 'Model of job 1'],
      ['Model of job 1', 'Start model'],
      ['Start model', '–'],
    ]);
    const { current_model } = await describe();
    await page.getByText(current_model!.sha256, { exact: true }).waitFor();
    await page.getByText('Tensors', { exact: true }).click();
    await page.getByText('1 tensor, 3 parameters').waitFor();
    await page.getByRole('link', { name: 'Start model' }).click();
    await shown(page, 'Start model');
    expect(page.url()).toContain('model=start');
  });

  it('gives the one that a link names', async () => {
    const page = await stage.openSignedIn(path(`?model=${jobs[0]}`));
    await shown(page, 'Model of job 1');
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect(JSON.parse(await readFile(await (await coming).path(), 'utf8'))).toEqual({ w: [1, 1, 1] });
  });

  it('is forked from the one that is shown', async () => {
    const page = await stage.openSignedIn(path(`?model=${jobs[0]}`));
    const { nodes } = (await lab.api.Experiment.lineage({ project_id: lab.project_id, experiment_id: experiment })).body;
    await page.getByRole('button', { name: 'Fork from here' }).click();
    await page.getByText(/forked from/).waitFor();
    const fork = await describe(page.url().split('/').at(-1));
    expect(fork.forked_from).toBe(experiment);
    expect(fork.start_model!.sha256).toBe(nodes.find(({ job_id }) => job_id === jobs[0])!.sha256);
    await page.getByRole('navigation', { name: 'Experiment' }).getByRole('link', { name: 'Models' }).click();
    await page.getByRole('link', { name: 'Model of job 1 of Baseline' }).first().click();
    await shown(page, 'Model of job 1');
  });

  it('says in words that it is not rolled back while a job waits', async () => {
    const page = await stage.openSignedIn(path('?model=start'));
    const { ID: job_id } = (await lab.api.Job.create({ project_id: lab.project_id, experiment_id: experiment, num_devices: 1 })).body;
    await page.getByRole('button', { name: 'Roll back to it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back to it' }).click();
    await page.getByText('A job of the experiment runs or waits.').waitFor();
    await lab.api.Job.cancel({ project_id: lab.project_id, job_id });
    expect((await describe()).current_model!.sha256).not.toBe((await describe()).start_model!.sha256);
  });

  it('can be read by everybody', () => expectFitForEverybody(stage, 'models', path(), (page) => shown(page, 'Model of job 2, the current one')));

  it('is rolled back after a question that names both models', async () => {
    const page = await stage.openSignedIn(path('?model=start'));
    await page.getByRole('button', { name: 'Roll back to it' }).click();
    const question = page.getByRole('dialog', { name: 'Roll back to the start model?' });
    await question.getByText(/The current model is the model of job 2 .*Afterwards it is the start model/).waitFor();
    await question.getByRole('button', { name: 'Leave it' }).click();
    expect((await describe()).current_model!.sha256).not.toBe((await describe()).start_model!.sha256);
    await page.getByRole('button', { name: 'Roll back to it' }).click();
    await question.getByRole('button', { name: 'Roll back to it' }).click();
    await shown(page, 'Start model, the current one');
    expect((await describe()).current_model!.sha256).toBe((await describe()).start_model!.sha256);
  });
});
