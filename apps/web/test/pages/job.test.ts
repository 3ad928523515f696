import { eventually } from '@vergeai/testkit';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Device, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser('a job', (stage) => {
  let lab: Lab;
  let devices: Device[];
  let experiment = '';
  const path = (number: number, search = '') => `/p/${lab.project_id}/e/${experiment}/j/${number}${search}`;
  const status = async (number: number) => {
    const { jobs } = (await lab.api.Experiment.get({ project_id: lab.project_id, experiment_id: experiment })).body;
    return (await lab.api.Job.get({ project_id: lab.project_id, job_id: jobs[number - 1]! })).body.status;
  };
  const device = (page: Page, name: RegExp) => page.getByRole('row', { name });

  // Job 1 is completed; job 2 runs: one device has submitted, one says how far it is, one failed and was replaced.
  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    const first = await lab.device('Ada');
    experiment = await lab.experiment('Baseline');
    await trainOnce(lab, experiment, first, { loss: 0.5 });
    devices = [first, await lab.device('Grace'), await lab.device('<img src=x onerror=alert(1)>'), await lab.device('Edsger')];
    const { ID: job_id } = (await lab.api.Job.create({ project_id: lab.project_id, experiment_id: experiment, num_devices: 3, device_timeout_sec: 3_600 })).body;
    const drawn = (await lab.api.Job.get({ project_id: lab.project_id, job_id })).body.devices;
    const [done, failing, training] = drawn.map((id) => devices.find((one) => one.id === id)!);
    for (const one of [done!, failing!, training!]) await one.take();
    await done!.submit(job_id, { metrics: { loss: 0.25 }, num_examples: 1200 });
    await failing!.api.Device.report_failure({ project_id: lab.project_id, job_id, reason: 'battery is low' });
    await training!.api.Device.heartbeat({ project_id: lab.project_id, job_id, progress: { fraction: 0.5, step: 40 } });
  });

  it('shows each device with how it stands, how far it is and what happened to it', async () => {
    const page = await stage.openSignedIn(path(2));
    await page.getByText('1 of 3', { exact: true }).waitFor();
    const text = async (part: RegExp) => (await page.getByRole('row').filter({ hasText: part }).allTextContents()).join('\n');
    await page.getByRole('row').nth(4).waitFor();
    expect(await text(/Submitted/)).toMatch(/sent.*1,200.*loss 0.25/s);
    expect(await text(/Training/)).toContain('50 %, step 40');
    expect(await text(/battery is low/)).toMatch(/Replaced.*Replaced by/s);
    expect(await text(/In the place of/)).toContain('Drawn');
  });

  it('lists only those that stand as asked, and keeps that in the link', async () => {
    const page = await stage.openSignedIn(path(2));
    await page.getByRole('button', { name: 'Submitted 1' }).click();
    await eventually('only the one that has submitted', async () => (await page.locator('tbody tr').count()) === 1);
    expect(page.url()).toContain('state=submitted');
  });

  it('shows what devices are called as text, whatever it is', async () => {
    const page = await stage.openSignedIn(path(2));
    await device(page, /onerror/).first().waitFor();
    expect(await page.locator('tbody img').count()).toBe(0);
  });

  it('gives the model that it made', async () => {
    const page = await stage.openSignedIn(path(1));
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download its model' }).click();
    expect(JSON.parse(await readFile(await (await coming).path(), 'utf8'))).toEqual({ w: [1, 2, 3] });
  });

  it('leads to the one before and after by [ and ]', async () => {
    const page = await stage.openSignedIn(path(1));
    await page.getByRole('heading', { name: 'Job 1' }).waitFor();
    await page.getByRole('link', { name: /Job 2/ }).waitFor();
    await page.keyboard.press(']');
    await page.getByRole('heading', { name: 'Job 2' }).waitFor();
    await page.keyboard.press('[');
    await page.getByRole('heading', { name: 'Job 1' }).waitFor();
  });

  it('says so when there is none of that number', async () => {
    const page = await stage.openSignedIn(path(99));
    await page.getByText('There is no job 99').waitFor();
  });

  it('can be read by everybody', async () => {
    await expectFitForEverybody(stage, 'job-running', path(2), (page) => page.getByRole('row').nth(4).waitFor());
    await expectFitForEverybody(stage, 'job-completed', path(1), (page) => page.getByRole('row').nth(1).waitFor());
  });

  it('is cancelled when somebody says so twice, and tried again', async () => {
    const page = await stage.openSignedIn(path(2));
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByRole('button', { name: 'Leave it' }).click();
    expect(await status(2)).toBe('IN_PROGRESS');
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByRole('button', { name: 'Try again' }).click();
    expect(await status(2)).toBe('CANCELLED');
    await page.getByRole('link', { name: 'Job 3' }).waitFor();
    expect(await status(3)).toBe('IN_PROGRESS');
  });

  it('with 1,000 devices keeps to the rows on the screen', async () => {
    const many = Array.from({ length: 1000 - devices.length }, () => undefined);
    while (many.length > 0) await Promise.all(many.splice(0, 50).map(() => lab.device()));
    await Promise.all((await lab.api.Job.list({ project_id: lab.project_id, experiment_id: experiment })).body.data.filter(({ ended_at }) => ended_at === null).map(({ job_id }) => lab.api.Job.cancel({ project_id: lab.project_id, job_id })));
    await lab.api.Job.create({ project_id: lab.project_id, experiment_id: experiment, num_devices: 1000 });
    const page = await stage.openSignedIn(path(4));
    await page.getByRole('button', { name: 'All 1,000' }).waitFor();
    await page.locator('tbody tr').nth(3).waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(60);
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('1001');
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.locator('tr[aria-rowindex="1001"]').waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(60);
  });
});
