import { eventually } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Device, type Lab } from '../support/lab.js';
import { lengthenLog } from '../support/long-log.js';
import { expectFitForEverybody } from '../support/look.js';

const COUNT = 100_000;

describeInBrowser(`a log of ${COUNT} events`, (stage) => {
  let lab: Lab;
  let device: Device;
  let experiment = '';
  let newest = COUNT;
  const path = (search = '') => `/p/${lab.project_id}/e/${experiment}/log${search}`;
  const change = (text: string) => {
    newest++;
    return lab.api.Experiment.update({ project_id: lab.project_id, experiment_id: experiment, experiment_description: text });
  };
  const numbers = async (page: Page) => (await page.locator('tbody th').allTextContents()).map(Number);
  const isSmall = async (page: Page) => expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(60);
  const isInSight = (page: Page, text: string) => eventually(`"${text}" is in sight`, () => page.getByText(text, { exact: true }).evaluate((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }));

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    device = await lab.device('Ada');
    experiment = await lab.experiment('Baseline');
    const job_id = await trainOnce(lab, experiment, device, { loss: 0.5 });
    await lengthenLog(stage, { experiment_id: experiment, job_id, device_id: device.id, count: COUNT });
  }, 120_000);

  it('begins at its end, goes to its beginning, to a number and to a time, and keeps the page small', async () => {
    const page = await stage.openSignedIn(path());
    await isInSight(page, 'Failure 100000');
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(newest + 1));
    await page.getByRole('button', { name: 'Oldest', exact: true }).click();
    await isInSight(page, 'name Baseline');
    await isSmall(page);
    await page.getByLabel('Number of an event').fill('54321');
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await isInSight(page, 'description Change 54321');
    expect(await page.locator('tr[aria-current]').getByRole('rowheader').textContent()).toBe('54321');
    expect(new URL(page.url()).search).toBe('?at=54321');
    await isSmall(page);
    const { data } = (await lab.api.Experiment.events({ project_id: lab.project_id, experiment_id: experiment, after: 77_776, limit: 1 })).body;
    const local = await page.evaluate((at) => {
      const time = new Date(at);
      return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
    }, data[0]!.created_at);
    await page.getByLabel('Time to go to').fill(local);
    await page.getByRole('button', { name: 'Go to time' }).click();
    // The time has no milliseconds, so that it is in the second before or at the event itself.
    await isInSight(page, 'description Change 77777');
    await page.getByRole('button', { name: 'Newest', exact: true }).click();
    await isInSight(page, 'Failure 100000');
    await isSmall(page);
  });

  it('is read from its end as well, and what comes moves nobody who reads', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByLabel('Order').selectOption('Newest first');
    await eventually('the newest comes first', async () => (await numbers(page))[0] === newest);
    await change('One more');
    await page.getByText('description One more').waitFor();
    expect((await numbers(page))[0]).toBe(newest);
    await page.getByRole('button', { name: 'Follow', pressed: true }).click();
    const before = await numbers(page);
    await change('And another');
    await page.getByRole('button', { name: '1 newer' }).waitFor();
    expect(await numbers(page)).toEqual(before);
    await page.getByRole('button', { name: '1 newer' }).click();
    await page.getByText('description And another').waitFor();
    await page.getByRole('button', { name: 'Oldest', exact: true }).click();
    await isInSight(page, 'name Baseline');
    expect((await numbers(page)).at(-1)).toBe(1);
    await isSmall(page);
  });

  it('shows the few among the many, and the link shows the same to somebody else', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByRole('button', { name: 'All types' }).first().click();
    await page.getByLabel('Job failed').check();
    await page.keyboard.press('Escape');
    await isInSight(page, 'Failure 100000');
    expect((await numbers(page)).every((number) => number % 1000 === 0)).toBe(true);
    await page.getByLabel('Order').selectOption('Newest first');
    await eventually('the newest comes first', async () => (await numbers(page))[0] === COUNT);
    const other = await stage.openSignedIn(new URL(page.url()).pathname + new URL(page.url()).search);
    await eventually('the same is there', async () => (await numbers(other))[0] === COUNT && (await numbers(other))[1] === COUNT - 1000);
    await other.getByLabel('Number of an event').fill('50000');
    await other.getByRole('button', { name: 'Go', exact: true }).click();
    await isInSight(other, 'Failure 50000');
    expect((await numbers(other)).slice(0, 2)).toEqual([50_000, 49_000]);
    await other.getByRole('button', { name: 'Show newer ones' }).click();
    await eventually('newer ones are there', async () => (await numbers(other)).includes(51_000));
    // From far down, too, and to what has been read already.
    await other.keyboard.press('End');
    await other.getByLabel('Number of an event').fill('49000');
    await other.getByRole('button', { name: 'Go', exact: true }).click();
    await isInSight(other, 'Failure 49000');
    await other.keyboard.press('End');
    await other.getByLabel('Number of an event').fill('50000');
    await other.getByRole('button', { name: 'Go', exact: true }).click();
    await isInSight(other, 'Failure 50000');
    await other.getByRole('button', { name: 'Oldest', exact: true }).click();
    await eventually('the last is in sight', async () => (await numbers(other)).includes(1000) || (await other.getByRole('button', { name: 'Show newer ones' }).isVisible()));
    await isSmall(other);
  });

  it('filters by a job and by a device, and goes on live', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByLabel('Name or id of a device').fill('Ada');
    await page.getByRole('button', { name: 'Only this device' }).click();
    await isInSight(page, 'Silence 99500');
    expect((await numbers(page)).every((number) => number % 1000 === 500 || number < 20)).toBe(true);
    await page.getByLabel('Number of a job').fill('1');
    await page.getByRole('button', { name: 'Only this job' }).click();
    await eventually('both are in the link', () => new URL(page.url()).search.includes('job=1') && new URL(page.url()).search.includes(`device=${device.id}`));
    await page.getByRole('button', { name: 'Job 1, clear' }).click();
    await trainOnce(lab, experiment, device, { loss: 0.25 });
    newest += 6;
    await page.getByText('Model update submitted').last().waitFor();
    expect((await numbers(page)).at(-1)).toBeGreaterThan(COUNT);
    await page.getByRole('button', { name: 'Device Ada, clear' }).click();
    await page.locator('summary').getByText('Current model changed').last().waitFor();
    const nothing = await stage.openSignedIn(path('?types=experiment_forked'));
    await nothing.getByText('No event fits').waitFor();
    await nothing.getByRole('button', { name: 'Clear filters' }).click();
    await nothing.locator('summary').getByText('Current model changed').last().waitFor();
    await stage.openSignedIn(path('?job=99')).then((none) => none.getByText('There is no job 99').waitFor());
  });

  it('needs no mouse', async () => {
    const page = await stage.openSignedIn(path('?order=desc&types=job_failed'));
    await eventually('it is there', async () => (await numbers(page))[0] === COUNT);
    for (let row = 0; row < 100; row++) await page.keyboard.press('j');
    // The first page of them ends before that.
    await eventually('the last failure has the focus', async () => (await page.evaluate(() => document.activeElement?.textContent)) === '1000');
    await isSmall(page);
  });

  it('can be read by everybody', async () => {
    await expectFitForEverybody(stage, 'long-log', path('?order=desc&at=99500'), (page) => isInSight(page, 'Silence 99500'));
    await expectFitForEverybody(stage, 'filtered-log', path(`?types=job_failed,device_replaced&job=1&device=${device.id}`), (page) => isInSight(page, 'Silence 99500'));
  });
});
