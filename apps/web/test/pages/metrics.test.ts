import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Device, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser("an experiment's metrics", (stage) => {
  let lab: Lab;
  let device: Device;
  let experiment = '';
  const path = (search = '') => `/p/${lab.project_id}/e/${experiment}/metrics${search}`;
  const chart = (page: Page, name: string) => page.getByRole('slider', { name: `${name}, job by job` });
  const says = async (page: Page, name: string) => (await chart(page, name).getAttribute('aria-valuetext'))!;

  // Job 3 is an outlier, job 4 makes no model, job 6 reaches 0.
  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    device = await lab.device('Ada');
    experiment = await lab.experiment('Baseline');
    for (const loss of [0.9, 0.5, 80]) await trainOnce(lab, experiment, device, { loss, accuracy: 1 / (1 + loss) });
    const { ID: job_id } = (await lab.api.Job.create({ project_id: lab.project_id, experiment_id: experiment, num_devices: 1 })).body;
    await lab.api.Job.cancel({ project_id: lab.project_id, job_id });
    for (const loss of [0.25, 0]) await trainOnce(lab, experiment, device, { loss, accuracy: 1 / (1 + loss) });
  });

  it('says what a chart shows, and reads it out job by job with the arrow keys', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByText('From 0.9 after job 1 to 0 after job 6; lowest 0 (job 6), highest 80 (job 3).').waitFor();
    await chart(page, 'loss').focus();
    expect(await says(page, 'loss')).toBe('Job 6: mean 0, 1 device');
    const read: string[] = [];
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('ArrowLeft');
      read.push(await says(page, 'loss'));
    }
    expect(read).toEqual(['Job 5: mean 0.25, 1 device', 'Job 4: cancelled', 'Job 3: mean 80, 1 device', 'Job 2: mean 0.5, 1 device', 'Job 1: mean 0.9, 1 device']);
    await page.keyboard.press('End');
    expect(await says(page, 'loss')).toBe('Job 6: mean 0, 1 device');
  });

  it('points at jobs only, wherever the mouse is', async () => {
    const page = await stage.openSignedIn(path());
    const plot = chart(page, 'loss').locator('.u-over');
    await plot.waitFor();
    const { width, height } = (await plot.boundingBox())!;
    for (const [part, job] of [[0.01, 1], [0.38, 3], [0.42, 3], [0.99, 6]] as const) {
      await plot.hover({ position: { x: width * part, y: height / 2 } });
      await chart(page, 'loss').and(page.locator(`[aria-valuetext^="Job ${job}:"]`)).waitFor();
    }
  });

  it('draws the outlier, and a gap where a job made no model', async () => {
    const page = await stage.openSignedIn(path());
    await chart(page, 'loss').locator('canvas').waitFor();
    // How far up the curve's own colour reaches above each job, from 0 at the bottom to 1 at the top.
    const heights = await chart(page, 'loss').evaluate((host) => {
      const canvas = host.querySelector('canvas')!;
      const over = host.querySelector<HTMLElement>('.u-over')!;
      const { left, top, width, height } = { left: over.offsetLeft, top: over.offsetTop, width: over.offsetWidth, height: over.offsetHeight };
      const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
      const isCurve = (x: number, y: number) => {
        const at = (Math.round(y) * canvas.width + Math.round(x)) * 4;
        return Math.abs(pixels[at]! - 0) < 40 && Math.abs(pixels[at + 1]! - 0x72) < 40 && Math.abs(pixels[at + 2]! - 0xb2) < 40 && pixels[at + 3]! > 200;
      };
      return [1, 2, 3, 4, 5].map((job) => {
        const x = left + ((job - 1) / 5) * width;
        for (let y = top; y <= top + height; y++) if (isCurve(x, y)) return 1 - (y - top) / height;
        return null;
      });
    });
    expect(heights[2]).toBeGreaterThan(0.7);
    expect(heights[1]).toBeLessThan(0.2);
    expect(heights[3]).toBeNull();
    expect(heights[4]).toBeLessThan(0.2);
  });

  it('keeps how it is looked at in its URL, which shows the same elsewhere', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByRole('button', { name: 'Logarithmic' }).click();
    await page.getByText('One job is hidden: a logarithmic axis can’t show values of 0 or less.').waitFor();
    await page.getByRole('button', { name: 'By wall time' }).click();
    await page.getByRole('slider', { name: 'Smoothing' }).fill('0.5');
    await page.getByRole('button', { name: '2 of 2 metrics' }).click();
    await page.getByRole('checkbox', { name: 'accuracy' }).click();
    await page.waitForURL(/names=/);
    const { pathname, search } = new URL(page.url());
    const other = await stage.openSignedIn(pathname + search);
    await chart(other, 'loss').waitFor();
    expect(await chart(other, 'accuracy').count()).toBe(0);
    for (const name of ['Logarithmic', 'By wall time']) await other.getByRole('button', { name, pressed: true }).waitFor();
    expect(await other.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('0.5');
    // (0.5 · 0.9 + 0.5) ÷ 1.5
    await chart(other, 'loss').focus();
    await other.keyboard.press('Home');
    await other.keyboard.press('ArrowRight');
    expect(await says(other, 'loss')).toBe('Job 2: mean 0.5, smoothed 0.6333, 1 device');
  });

  it('gives the same numbers as a table', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByRole('button', { name: 'As table' }).click();
    const rows = page.getByRole('region', { name: 'Metrics as a table' }).locator('tbody tr');
    await rows.nth(5).waitFor();
    const column = (await page.getByRole('columnheader').allTextContents()).indexOf('loss');
    expect(await rows.evaluateAll((all, at) => all.map((row) => [row.children[0]!.textContent, row.children[at]!.textContent]), column)).toEqual([
      ['Job 6', '0'],
      ['Job 5', '0.25'],
      ['Job 4', '–'],
      ['Job 3', '80'],
      ['Job 2', '0.5'],
      ['Job 1', '0.9'],
    ]);
    expect(page.url()).toContain('as=table');
  });

  it('says how metrics come where there are none', async () => {
    const page = await stage.openSignedIn(`/p/${lab.project_id}/e/${await lab.experiment('Empty')}/metrics`);
    await page.getByText('No metric yet').waitFor();
  });

  it('can be read by everybody', () => expectFitForEverybody(stage, 'metrics', path(), (page) => chart(page, 'loss').locator('canvas').waitFor()));

  it('can be read by everybody as a table', () => expectFitForEverybody(stage, 'metrics-table', path('?as=table'), (page) => page.getByRole('link', { name: 'Job 6' }).waitFor()));
});
