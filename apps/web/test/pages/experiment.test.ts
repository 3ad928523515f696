import { readFile } from 'node:fs/promises';
import { eventually } from '@vergeai/testkit';
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

  it('notches the bar where a device was replaced, and says why', async () => {
    const { api, project_id, ...other } = await openLab(stage.server, 'Replaced');
    const devices = [await other.device('Ada'), await other.device('Grace')];
    const experiment_id = await other.experiment('Baseline');
    const { ID: job_id } = (await api.Job.create({ project_id, experiment_id, num_devices: 1 })).body;
    const drawn = (await api.Job.devices({ project_id, job_id })).body.data[0]!;
    const leaves = devices.find(({ id }) => id === drawn.device_id)!;
    await leaves.take();
    const page = await stage.openSignedIn(`/p/${project_id}/e/${experiment_id}`);
    await job(page, /^Job 1, training/).waitFor();
    expect(await jobs(page).locator('svg title').count()).toBe(0);
    await leaves.api.Device.report_failure({ project_id, job_id, reason: 'The battery <b> is empty' });
    await job(page, new RegExp(`1 replaced \\(${drawn.device_name}: .*The battery <b> is empty`)).waitFor();
    expect(await jobs(page).locator('svg title').allTextContents()).toEqual([expect.stringMatching(new RegExp(`^${drawn.device_name} was replaced: .*The battery <b> is empty`))]);
  });

  it('folds idle time, and says how long it was', async () => {
    const page = await stage.openSignedIn('/');
    // Two hours between the first job and the others.
    await page.route('**/v1/job/list/**', async (route) => {
      const { body } = await lab.api.Job.list({ project_id: lab.project_id, experiment_id: experiment });
      const earlier = (time: string | null) => time && new Date(Date.parse(time) - 7_200_000).toISOString();
      const data = body.data.map((one) => (one.sequence === 1 ? { ...one, created_at: earlier(one.created_at), started_at: earlier(one.started_at), ended_at: earlier(one.ended_at) } : one));
      await route.fulfill({ json: { ...body, data } });
    });
    await page.goto(stage.server.url + path());
    await job(page, /^Job 1/).waitFor();
    expect(await page.getByText(/^Idle time is folded: (2 h 00|1 h 59) min\.$/).count()).toBe(1);
    expect(await page.locator('svg text').textContent()).toMatch(/idle$/);
  });

  it('of more than 200 jobs has a map, by which the keyboard goes to any of them', async () => {
    const id = await lab.experiment('Long');
    for (let hundreds = 0; hundreds < 3; hundreds++) await lab.api.Job.create_series({ project_id: lab.project_id, experiment_id: id, count: 100, num_devices: 1 });
    const page = await stage.openSignedIn(path(id), { width: 320, height: 700 });
    await job(page, /^Job 300/).waitFor();
    const map = page.getByRole('slider', { name: 'Map of all jobs' });
    expect(await map.count()).toBe(0);
    await page.getByRole('button', { name: 'Show older jobs' }).click();
    await map.waitFor();
    await map.focus();
    await page.keyboard.press('End');
    await job(page, /^Job 1,/).waitFor();
    await eventually('the map says so', async () => (await map.getAttribute('aria-valuetext'))?.endsWith(' to 1') === true);
    const rowAt = (y: number) => page.evaluate((height) => document.elementFromPoint(160, height)?.closest('li')?.textContent ?? '', y);
    expect(await rowAt(80)).toMatch(/^Job \d+/);
    await map.focus();
    await page.keyboard.press('Home');
    await job(page, /^Job 300,/).waitFor();
    await map.click({ position: { x: 20, y: 28 } });
    await eventually('the middle is there', async () => /^Jobs 1[4-6]\d to/.test((await map.getAttribute('aria-valuetext')) ?? ''));
    await lab.api.Experiment.pause({ project_id: lab.project_id, experiment_id: id });
    await expectFitForEverybody(stage, 'experiment-map', path(id), async (look) => {
      await look.getByRole('button', { name: 'Show older jobs' }).click();
      await look.getByRole('slider', { name: 'Map of all jobs' }).waitFor();
      // Where it covers no row.
      await look.evaluate(() => scrollTo(0, 0));
    });
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
