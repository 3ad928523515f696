import { VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY, eventually } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { digitsExperiment, type MadeExperiment } from '../support/digits-experiment.js';
import { expectFitForEverybody } from '../support/look.js';

/** A job of so many takes longer than any test: somebody has to stop it. */
const ENDLESS = 1000;

describeInBrowser('training in a tab', (stage) => {
  const api = () => new VergeAI({ apiKey: ADMIN_KEY, baseUrl: stage.server.url });
  const pathOf = ({ project_id, experiment_id }: MadeExperiment) => `/p/${project_id}/train?experiment=${experiment_id}`;
  const devicesOf = async ({ project_id }: MadeExperiment, job_id: string) => (await api().Job.devices({ project_id, job_id })).body.data;
  const addJob = async (made: MadeExperiment) => (await api().Job.create({ ...made, num_devices: 1 })).body.ID;
  const isTraining = (page: Page) => page.getByText(/^Training · job 1 · epoch \d+ of 1000/).waitFor();
  const beOneDevice = async (page: Page) => {
    await page.getByLabel('1', { exact: true }).check();
    await page.getByRole('button', { name: 'Start 1 device' }).click();
    await page.getByText('Waiting for a job').waitFor();
  };

  /** A job that one tab trains, with another tab that is a device, too. */
  async function twoTabs(name: string) {
    const made = await digitsExperiment(api(), name, ENDLESS);
    const one = await stage.openSignedIn(pathOf(made));
    await beOneDevice(one);
    const job = await addJob(made);
    await isTraining(one);
    const other = await stage.openBeside(one, pathOf(made));
    await beOneDevice(other);
    return { made, job, one, other };
  }

  it('stops at once when it is told to, and the other tab takes over', async () => {
    const { made, job, one, other } = await twoTabs('Stop');
    await one.getByRole('button', { name: 'Stop now' }).click();
    await one.getByText('Stopped', { exact: true }).waitFor();
    await isTraining(other);
    const devices = await devicesOf(made, job);
    expect(devices.map(({ state, reason }) => ({ state, reason }))).toEqual([
      { state: 'replaced', reason: 'The device was stopped.' },
      { state: 'training', reason: null },
    ]);
    // Nothing of it is left: a device that is gone is drawn for nothing any more.
    await eventually('the device is deleted', async () => (await api().Device.list({ project_id: made.project_id })).body.data.length === 1);
  });

  it.each([
    ['is closed', (page: Page) => page.close({ runBeforeUnload: true })],
    ['goes elsewhere', (page: Page) => page.goto('about:blank')],
    ['is loaded anew', (page: Page) => page.reload()],
  ])('gives its place to the other tab when it %s', async (how, leave) => {
    const { made, job, one, other } = await twoTabs(how);
    await leave(one);
    await isTraining(other);
    expect((await devicesOf(made, job)).map(({ state }) => state)).toEqual(['replaced', 'training']);
  });

  it('finishes its job first when it is told so', async () => {
    const made = await digitsExperiment(api(), 'Finish', 20);
    const page = await stage.openSignedIn(pathOf(made));
    await beOneDevice(page);
    const job = await addJob(made);
    await page.getByText(/^Training · job 1/).waitFor();
    await page.getByRole('button', { name: 'Finish, then stop' }).click();
    await page.getByText('Stopped', { exact: true }).waitFor();
    await page.getByText('1 model sent').waitFor();
    await api().Job.wait_for_completion({ project_id: made.project_id, job_id: job }, { timeoutMs: 20_000 });
  });

  it('cancels jobs, which the devices notice and wait for the next', async () => {
    const made = await digitsExperiment(api(), 'Cancel', ENDLESS);
    const page = await stage.openSignedIn(pathOf(made));
    await beOneDevice(page);
    await page.getByLabel('How many jobs').fill('2');
    await page.getByRole('button', { name: 'Train 2 jobs' }).click();
    await isTraining(page);
    await page.getByRole('button', { name: 'Cancel 2 jobs' }).click();
    await page.getByText('Job 2 Cancelled').waitFor();
    const { data } = (await api().Job.list(made)).body;
    expect(data.map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED']);
  });

  it('goes on while one looks at other pages, which say so', async () => {
    const made = await digitsExperiment(api(), 'Elsewhere', ENDLESS);
    const page = await stage.openSignedIn(pathOf(made));
    await beOneDevice(page);
    await page.getByRole('banner').getByRole('link', { name: 'Experiments' }).click();
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
    await addJob(made);
    await page.getByRole('link', { name: 'This tab is a device' }).click();
    await isTraining(page);
    expect(page.url()).toContain(made.experiment_id);
  });

  it('keeps its lease while the page itself has no time, as in a hidden tab', async () => {
    const made = await digitsExperiment(api(), 'Hidden', ENDLESS);
    const page = await stage.openSignedIn(pathOf(made));
    await beOneDevice(page);
    const job = await addJob(made);
    await isTraining(page);
    const heard = async () => (await devicesOf(made, job))[0]!.heartbeat_at;
    // What is looked at below comes from the server: the page says nothing any more, until it is closed.
    const busy = page.evaluate(() => {
      for (;;);
    });
    busy.catch(() => {});
    const before = await heard();
    // Heartbeats come four times in the time a lease lasts.
    const first = await eventually('a heartbeat', async () => ((await heard()) !== before ? await heard() : undefined), 40_000);
    await eventually('the next one', async () => (await heard()) !== first, 40_000);
    expect((await devicesOf(made, job)).map(({ state }) => state)).toEqual(['training']);
    await page.close();
  });

  it('says why it cannot train an experiment that names no recipe', async () => {
    const made = await digitsExperiment(api(), 'Another');
    const { ID: experiment_id } = (await api().Experiment.create({ project_id: made.project_id, experiment_name: 'By hand', hyperparameters: { lr: 1 } })).body;
    await api().Experiment.submit_start_model({ project_id: made.project_id, experiment_id, model: { w: [1, 2] } });
    const page = await stage.openSignedIn(`/p/${made.project_id}/train`);
    await page.getByLabel('Which one').selectOption({ label: 'By hand' });
    await page.getByRole('alert').getByText('The experiment names no recipe').waitFor();
    await beOneDevice(page);
    await page.getByRole('button', { name: 'Train 5 jobs' }).click();
    await page.getByText(/^Job 1 Failed.*names no recipe/).waitFor();
  });

  it('keeps the device’s key to itself', async () => {
    const made = await digitsExperiment(api(), 'Key');
    const page = await stage.openSignedIn(pathOf(made));
    await beOneDevice(page);
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie + document.documentElement.outerHTML);
    expect(kept).not.toContain('vgd_');
  });

  it('can be read by everybody, new and with devices at work', async () => {
    const made = await digitsExperiment(api(), 'Looks');
    await expectFitForEverybody(stage, 'train-new', `/p/${made.project_id}/train`, async (page) => {
      await page.getByText('Your own table').click();
      await page.getByLabel('Your table', { exact: true }).setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(`size,street,kind${'\n12.5,x,a\n13,y,b'.repeat(30)}`) });
      await page.getByText('a.csv: 60 rows').waitFor();
    });
    await expectFitForEverybody(stage, 'train-full', pathOf(made), async (page) => {
      await page.getByLabel('4', { exact: true }).check();
      await page.getByRole('button', { name: 'Start 4 devices' }).click();
      await page.getByText('Waiting for a job').nth(3).waitFor();
      await page.getByRole('button', { name: 'Train 5 jobs' }).click();
      await page.locator('figcaption', { hasText: /^After job \d*[05] the model gets/ }).waitFor();
    });
  });
});
