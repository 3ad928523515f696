import { rmSync, writeFileSync } from 'node:fs';
import { ADMIN_KEY, eventually } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { startRunner, type Runner } from '../reference/runners.js';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';
import { HOSTILE, shownCode, shownLanguages } from '../support/shown-code.js';

const MODEL = { w: [0.5, 1, 2] };

describeInBrowser('a new experiment', (stage) => {
  let lab: Lab;
  let parent = '';
  const path = (more = '') => `/p/${lab.project_id}/new${more}`;
  const open = (more = '') => stage.openSignedIn(path(more));
  const code = (page: Page) => page.getByRole('region', { name: 'Code', exact: true });
  const create = (page: Page) => page.getByRole('button', { name: 'Create the experiment', exact: true });
  const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
  const giveModel = (page: Page, name = 'model.json', text = JSON.stringify(MODEL)) => field(page, 'Model file').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  const created = async (page: Page) => {
    await page.waitForURL(/\/e\/[0-9a-f]{32}$/);
    return describeIt(page.url().split('/').at(-1)!);
  };
  const describeIt = async (experiment_id: string) => (await lab.api.Experiment.describe({ project_id: lab.project_id, experiment_id })).body;

  beforeAll(async () => {
    lab = await openLab(stage.server, 'New ones');
    const device = await lab.device('only');
    parent = await lab.experiment(`Parent ${HOSTILE}`, { hyperparameters: { learning_rate: 0.5 } });
    await trainOnce(lab, parent, device, { loss: 0.5 });
    await lab.device('other');
  });

  it('is made from a file, with its jobs and its strategy', async () => {
    const page = await stage.openSignedIn(`/p/${lab.project_id}/experiments`);
    await page.getByRole('link', { name: 'New experiment' }).click();
    await field(page, 'Name').fill(HOSTILE);
    await field(page, 'Name 1').fill('learning_rate');
    await field(page, 'Value 1').fill('0.01');
    await page.getByRole('button', { name: 'JSON' }).click();
    expect(JSON.parse(await field(page, 'Hyperparameters as JSON').inputValue())).toEqual({ learning_rate: 0.01 });
    await field(page, 'Hyperparameters as JSON').fill('{"learning_rate": 0.02, ');
    await page.getByText('It is not JSON yet').waitFor();
    expect(await page.getByRole('button', { name: 'Rows' }).isDisabled()).toBe(true);
    await field(page, 'Hyperparameters as JSON').fill('{"learning_rate": 0.02, "optimizer": "sgd"}');
    await page.getByRole('button', { name: 'Rows' }).click();
    expect(await field(page, 'Value 2').inputValue()).toBe('sgd');
    await giveModel(page);
    await field(page, 'Jobs').fill('2');
    await field(page, 'Spares').fill('1');
    await field(page, 'Time limit, in seconds').fill('900');
    await field(page, 'Aggregation strategy').selectOption('FedAdam');
    await field(page, 'Server learning rate').fill('0.03');
    await create(page).click();
    expect(await created(page)).toMatchObject({
      name: HOSTILE,
      hyperparameters: { learning_rate: 0.02, optimizer: 'sgd' },
      start_model: { format: 'json' },
      num_jobs: 2,
      aggregation_strategy: { type: 'FedAdam', server_learning_rate: 0.03, beta_1: 0.9 },
      jobs: { data: [{ num_devices: 1 }, { num_devices: 1 }] },
    });
  });

  it('is made from a recipe, which a tab can train', async () => {
    const page = await open();
    await field(page, 'Name 1').fill('epochs');
    await field(page, 'Value 1').fill('3');
    await page.getByRole('radio', { name: /^A recipe/ }).check();
    await page.getByText(/^digits\.safetensors, .* has learnt nothing yet/).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save it as a file' }).click();
    expect((await saved).suggestedFilename()).toBe('digits.safetensors');
    await field(page, 'Jobs').fill('0');
    await create(page).click();
    // What was typed goes before what the recipe would have.
    expect(await created(page)).toMatchObject({ name: null, hyperparameters: { recipe: 'digits', learning_rate: 0.02, epochs: 3 }, start_model: { format: 'safetensors' }, num_jobs: 0 });
  });

  it('is made as a fork, from any model of another one', async () => {
    const page = await stage.openSignedIn(`/p/${lab.project_id}/e/${parent}`);
    await page.getByRole('link', { name: 'Fork with changes' }).click();
    await page.getByRole('button', { name: 'Add its hyperparameters above' }).click();
    await field(page, 'Value 1').fill('0.25');
    await field(page, 'Which of its models').selectOption('What job 1 made');
    await create(page).click();
    const trained = (await describeIt(parent)).current_model!;
    expect(await created(page)).toMatchObject({ forked_from: parent, hyperparameters: { learning_rate: 0.25 }, start_model: { sha256: trained.sha256 }, num_jobs: 1 });
  });

  it('says at the field what the server refuses, and goes on from there', async () => {
    const page = await open();
    await field(page, 'Name').fill('x'.repeat(201));
    await giveModel(page, 'broken.json', '{"w": [1, [2]]}');
    await field(page, 'Devices each').fill('100001');
    const said = (label: string) => field(page, label).locator('xpath=..').locator('[id$=-error]');
    await create(page).click();
    await said('Name').waitFor();
    expect(await field(page, 'Name').getAttribute('aria-invalid')).toBe('true');
    await field(page, 'Name').fill('Refused at first');
    await create(page).click();
    await page.getByRole('alert').getByText('invalid_model').waitFor();
    await page.getByText('its start model and its jobs are still to come').waitFor();
    await giveModel(page);
    await page.getByRole('button', { name: 'Go on' }).click();
    await said('Devices each').waitFor();
    await page.getByText('its jobs were not').waitFor();
    await field(page, 'Devices each').fill('50');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('alert').getByText('not_enough_devices').waitFor();
    await said('Devices each').waitFor();
    await field(page, 'Devices each').fill('2');
    await page.getByRole('button', { name: 'Go on' }).click();
    const made = await created(page);
    expect(made).toMatchObject({ name: 'Refused at first', num_jobs: 1 });
    const { data } = (await lab.api.Experiment.list({ project_id: lab.project_id, q: 'Refused at first' })).body;
    expect(data).toHaveLength(1);
  });

  it('can have its upload stopped, and begun again', async () => {
    const page = await open();
    let held = 0;
    await page.route('**/v1/upload**', () => void held++, { times: 1 });
    await giveModel(page);
    await field(page, 'Jobs').fill('0');
    await create(page).click();
    await eventually('the upload has begun', () => held === 1);
    await page.getByRole('button', { name: 'Stop the upload' }).click();
    await page.getByRole('alert').getByText('You stopped the upload.').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    expect((await created(page)).start_model).not.toBeNull();
  });

  it('shows code that changes as one types, and never a key', async () => {
    const page = await open();
    for (const language of shownLanguages) {
      await field(page, 'Name').fill(`As ${language}`);
      const shown = await shownCode(code(page), language);
      expect(Object.keys(shown)).toEqual(['Create the experiment', 'Submit its start model', 'Add the jobs']);
      expect(shown['Create the experiment']).toContain(`As ${language}`);
      // The command line reads it by itself.
      for (const text of Object.values(shown)) expect(text).toContain(language === 'cli' ? 'verge api' : 'VERGEAI_API_KEY');
    }
    expect(await page.content()).not.toContain(ADMIN_KEY);
    await page.getByRole('radio', { name: /^A model of another/ }).check();
    expect(Object.keys(await shownCode(code(page), 'curl'))).toEqual(['Add the jobs']);
    await field(page, 'Experiment').selectOption(parent);
    expect(Object.keys(await shownCode(code(page), 'curl'))).toEqual(['Fork the experiment', 'Add the jobs']);
  });

  it.each(shownLanguages)('shows code in %s that does what the form does', async (language) => {
    const runner = startRunner[language]();
    if (runner === undefined) return;
    const file = `new-experiment $(exit 9) '${process.pid}.json`;
    // Beside where the snippets run.
    writeFileSync(file, JSON.stringify(MODEL));
    try {
      const page = await open();
      await field(page, 'Name').fill(`${language} ${HOSTILE}`);
      await field(page, 'Name 1').fill(HOSTILE);
      await field(page, 'Value 1').fill(HOSTILE);
      await giveModel(page, file);
      await field(page, 'Jobs').fill('2');
      await field(page, 'Spares').fill('1');
      await field(page, 'Time limit, in seconds').fill('900');
      await field(page, 'Aggregation strategy').selectOption('FedAdam');
      await field(page, 'Tau').fill('0.01');
      const bySnippets = await describeIt(await runAll(runner, await shownCode(code(page), language)));
      await create(page).click();
      const byForm = await created(page);
      expect(bySnippets.name).toBe(`${language} ${HOSTILE}`);
      expect(bySnippets.start_model).not.toBeNull();
      expect(lasting(bySnippets)).toEqual(lasting(byForm));

      await page.goto(stage.server.url + path(`?fork=${parent}`));
      await field(page, 'Jobs').fill('0');
      await field(page, 'Which of its models').selectOption('Its start model');
      const fork = await describeIt(await runAll(runner, await shownCode(code(page), language)));
      expect(fork).toMatchObject({ forked_from: parent, hyperparameters: { learning_rate: 0.5 }, start_model: { sha256: (await describeIt(parent)).start_model!.sha256 } });
    } finally {
      rmSync(file);
      await runner.stop();
    }
  });

  it('can be read by everybody', () =>
    expectFitForEverybody(stage, 'new', path(`?fork=${parent}`), async (page) => {
      await field(page, 'Aggregation strategy').selectOption('FedAdam');
      await page.getByRole('button', { name: 'Add its hyperparameters above' }).click();
      await page.getByRole('region', { name: 'Fork the experiment' }).waitFor();
    }));

  /** One after another, the id of the first in the place where the others say it goes. */
  async function runAll(runner: Runner, shown: Readonly<Record<string, string>>): Promise<string> {
    let id = '';
    for (const text of Object.values(shown)) {
      const outcome = await runner.run(text.replaceAll('EXPERIMENT_ID', id), ADMIN_KEY);
      expect(outcome).not.toHaveProperty('refused');
      id ||= (outcome.body as { ID: string }).ID;
    }
    return id;
  }

  const PASSING = new Set(['experiment_id', 'job_id', 'series_id', 'device_id', 'current_job', 'created_at', 'updated_at', 'started_at', 'duration_sec', 'status', 'waiting_for', 'devices']);
  const lasting = (described: object): unknown => JSON.parse(JSON.stringify(described, (name, value: unknown) => (PASSING.has(name) ? undefined : name === 'name' && value !== null ? 'named' : value)));
});
