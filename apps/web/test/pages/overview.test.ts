import { eventually } from '@vergeai/testkit';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser('the overview of a project', (stage) => {
  let lab: Lab;
  const overview = () => `/p/${lab.project_id}`;

  // One experiment trains, one failed; of three devices one was never seen.
  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    const { api, project_id } = lab;
    const ada = await lab.device('Ada');
    const failing = await lab.experiment('Failing');
    const { ID: failed } = (await api.Job.create({ project_id, experiment_id: failing, num_devices: 1 })).body;
    await ada.take();
    await ada.api.Device.report_failure({ project_id, job_id: failed, reason: '<img src=x onerror=alert(1)>' });
    await eventually('the job has failed', async () => (await api.Job.get({ project_id, job_id: failed })).body.status === 'FAILED');
    const training = await lab.experiment('Baseline');
    const grace = await lab.device('Grace');
    await api.Job.create({ project_id, experiment_id: training, num_devices: 2 });
    await Promise.all([ada.take(), grace.take()]);
    await lab.device('Edsger');
  });

  it('shows what the API says, in numbers that lead to what they count', async () => {
    const page = await stage.openSignedIn(overview());
    const { body } = await lab.api.Project.overview({ project_id: lab.project_id });
    expect(body).toMatchObject({ experiments: { total: 2, active: 1 }, jobs: { live: 1, queued: 0, failed_24h: 1 }, devices: { total: 3, online: 2, never_seen: 1 } });
    const numbers = page.getByRole('list', { name: 'In numbers' });
    await numbers.waitFor();
    expect(await numbers.getByRole('listitem').allTextContents()).toEqual(expect.arrayContaining(['1 job runs', '0 jobs wait', '1 job failed in 24 hours', '1 member']));
    await numbers.getByRole('link', { name: '1 active experiment' }).click();
    await page.getByText('1 experiment', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await numbers.getByRole('link', { name: '2 experiments' }).click();
    await page.getByText('2 experiments', { exact: true }).waitFor();
  });

  it('tells which devices are there in words, with a square for each', async () => {
    const page = await stage.openSignedIn(overview());
    const devices = page.getByRole('region', { name: 'Devices' });
    await devices.getByText('3 in all, 2 busy').waitFor();
    expect(await devices.getByRole('listitem').allTextContents()).toEqual(['2 online', '0 late', '0 offline', '1 never seen']);
    const squares = await devices.locator('svg').last().locator('path').evaluateAll((paths) => paths.map((path) => path.getAttribute('d')!.split('M').length - 1));
    expect(squares).toEqual([2, 0, 0, 1]);
  });

  it('shows what runs, and what failed with its reason as text', async () => {
    const page = await stage.openSignedIn(overview());
    const running = page.getByRole('region', { name: 'Running' }).getByRole('listitem');
    await running.getByText('0 of 2 updates').waitFor();
    expect(await running.allTextContents()).toEqual([expect.stringMatching(/Baseline.*Training job 1/)]);
    const failures = page.getByRole('region', { name: 'Latest failures' });
    const { last_job } = (await lab.api.Experiment.list({ project_id: lab.project_id, q: 'Failing' })).body.data[0]!;
    await failures.getByText(last_job!.reason!).waitFor();
    expect(await failures.locator('img').count()).toBe(0);
    await failures.getByRole('link', { name: 'Failing, job 1' }).click();
    await page.getByRole('heading', { name: 'Job 1' }).waitFor();
  });

  it('says what will be there as long as nothing is', async () => {
    const empty = await openLab(stage.server, 'Empty');
    const page = await stage.openSignedIn(`/p/${empty.project_id}`);
    await page.getByText('No job runs or waits.').waitFor();
    await page.getByText(/^None yet\./).waitFor();
    await page.getByText(/^No experiment ended/).waitFor();
  });

  it('can be read by everybody', () => expectFitForEverybody(stage, 'overview', overview(), (page) => page.getByRole('link', { name: 'Failing, job 1' }).waitFor()));
});
