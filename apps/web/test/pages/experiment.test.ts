import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Device, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser('an experiment', (stage) => {
  let lab: Lab;
  let device: Device;
  let experiment = '';
  const path = (id = experiment, more = '') => `/p/${lab.project_id}/e/${id}${more}`;
  const jobs = (page: Page) => page.getByRole('list', { name: /jobs, newest first/ });
  const job = (page: Page, name: RegExp) => jobs(page).getByRole('link', { name });

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    device = await lab.device('only');
    experiment = await lab.experiment('Baseline', { hyperparameters: { learning_rate: 0.01 }, tags: ['paper'] });
    for (const loss of [0.9, 0.5, 0.3]) await trainOnce(lab, experiment, device, { loss });
    const { ID } = (await lab.api.Job.create({ project_id: lab.project_id, experiment_id: experiment, num_devices: 1 })).body;
    await lab.api.Job.cancel({ project_id: lab.project_id, job_id: ID });
    await lab.api.Job.create({ project_id: lab.project_id, experiment_id: experiment, num_devices: 1 });
  });

  it('shows its jobs in words and as bars, newest on top', async () => {
    const page = await stage.openSignedIn(path());
    await job(page, /^Job 5, training, 0 of 1 updates/).waitFor();
    expect(await jobs(page).getByRole('link').evaluateAll((links) => links.map((link) => link.textContent.split(',').slice(0, 2).join()))).toEqual([
      'Job 5, training',
      'Job 4, cancelled',
      'Job 3, completed',
      'Job 2, completed',
      'Job 1, completed',
    ]);
    expect(await jobs(page).locator('rect').count()).toBeGreaterThanOrEqual(10);
    await page.getByRole('button', { name: 'By number' }).click();
    await page.getByRole('button', { name: 'By number', pressed: true }).waitFor();
    expect(page.url()).toContain('by=number');
    await job(page, /^Job 3/).click();
    await page.getByRole('heading', { name: 'Job 3' }).waitFor();
  });

  it('zooms by buttons and by keys', async () => {
    const page = await stage.openSignedIn(path());
    const width = async () => Number(await jobs(page).locator('svg').last().getAttribute('width'));
    await job(page, /^Job 1/).waitFor();
    const before = await width();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    expect(await width()).toBe(before * 2);
    await page.keyboard.press('+');
    expect(await width()).toBe(before * 4);
    await page.keyboard.press('0');
    expect(await width()).toBe(before);
  });

  it('gives its current model', async () => {
    const page = await stage.openSignedIn(path());
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the current model' }).click();
    expect(JSON.parse(await readFile(await (await coming).path(), 'utf8'))).toEqual({ w: [1, 2, 3] });
  });

  it('can be forked, and the fork says where it comes from', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByRole('button', { name: 'Fork from it' }).click();
    await page.getByText(/forked from/).waitFor();
    const id = page.url().split('/').at(-1)!;
    expect((await lab.api.Experiment.describe({ project_id: lab.project_id, experiment_id: id })).body.forked_from).toBe(experiment);
  });

  it('takes jobs more, as many as are asked for', async () => {
    const id = await lab.experiment('Series');
    const page = await stage.openSignedIn(path(id));
    await page.getByText('No job yet. A job draws').waitFor();
    await page.getByRole('spinbutton', { name: 'Jobs' }).fill('3');
    await page.getByRole('button', { name: 'Train' }).click();
    await job(page, /^Job 3, queued/).waitFor();
    expect((await lab.api.Experiment.get({ project_id: lab.project_id, experiment_id: id })).body.jobs).toHaveLength(3);
  });

  it('says so when it is not there', async () => {
    const page = await stage.openSignedIn(path('0'.repeat(32)));
    await page.getByText('The experiment: not here').waitFor();
  });

  it('can be read by everybody', () => expectFitForEverybody(stage, 'experiment', path(), (page) => job(page, /^Job 1/).waitFor()));
});
