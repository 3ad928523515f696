import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Device, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser("an experiment's log", (stage) => {
  let lab: Lab;
  let device: Device;
  let experiment = '';
  const path = () => `/p/${lab.project_id}/e/${experiment}/log`;
  const change = (number: number) => lab.api.Experiment.update({ project_id: lab.project_id, experiment_id: experiment, experiment_description: `Change ${number}` });

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    device = await lab.device('Ada');
    experiment = await lab.experiment('Baseline');
    await trainOnce(lab, experiment, device, { loss: 0.5 });
  });

  it('says what happened in words, with all of it on demand, and leads to the job', async () => {
    const page = await stage.openSignedIn(path());
    const update = page.getByRole('row').filter({ hasText: 'Model update submitted' });
    await update.getByRole('link', { name: 'job 1' }).waitFor();
    await update.locator('summary').click();
    expect(await update.locator('pre').textContent()).toContain('"loss": 0.5');
    await update.getByRole('link', { name: 'job 1' }).click();
    await page.getByRole('heading', { name: 'Job 1' }).waitFor();
  });

  it('can be read by everybody', () => expectFitForEverybody(stage, 'log', path(), (page) => page.locator('summary').getByText('Current model changed').waitFor()));

  it('begins at its end, follows, and goes to any number, with only what is seen on the page', async () => {
    for (let number = 1; number <= 700; number++) await change(number);
    const page = await stage.openSignedIn(path());
    await page.getByText('description Change 700').waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(60);
    await change(701);
    await page.getByText('description Change 701').waitFor();
    await page.getByLabel('Number of an event').fill('1');
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await page.locator('summary').getByText('Experiment created').waitFor();
    await page.getByRole('button', { name: 'Follow', pressed: false }).click();
    await page.getByText('description Change 701').waitFor();
    expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(60);
  });
});
