import { ADMIN_KEY, eventually } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { startRunner } from '../reference/runners.js';
import { describeInBrowser } from '../support/browser.js';
import { openLab, type Device, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';
import { HOSTILE, shownCode, shownLanguages } from '../support/shown-code.js';

describeInBrowser('sweeps', (stage) => {
  let lab: Lab;
  let device: Device;
  let base = '';
  let ranked = '';
  const path = (more = '') => `/p/${lab.project_id}/sweeps${more}`;
  const one = (sweep: string) => `/p/${lab.project_id}/s/${sweep}`;
  const describeIt = async (sweep_id: string) => (await lab.api.Sweep.describe({ project_id: lab.project_id, sweep_id })).body;
  const rows = (page: Page) => page.locator('tbody tr[aria-rowindex]');
  const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
  const made = async (page: Page) => {
    await page.waitForURL(/\/s\/[0-9a-f]{32}$/);
    return describeIt(page.url().split('/').at(-1)!);
  };
  const create = async (more: Partial<Parameters<Lab['api']['Sweep']['create']>[0]> = {}) => {
    const input = { project_id: lab.project_id, experiment_id: base, hyperparameters: { lr: { values: [0.1, 0.01] } }, method: 'grid', num_jobs: 1, job: { num_devices: 1 }, metric: 'loss', mode: 'min', ...more } as const;
    return (await lab.api.Sweep.create(input)).body;
  };
  /** The next job of any fork, with this loss. */
  const train = async (loss: number) => {
    const job_id = await device.take();
    await device.submit(job_id, { metrics: { loss } });
    await lab.api.Job.wait_for_completion({ project_id: lab.project_id, job_id });
  };

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    base = await lab.experiment('Baseline', { hyperparameters: { lr: 0.5, optimizer: { name: 'sgd' }, batch_size: 32 } });
    device = await lab.device('Ada');
  });

  it('begin as an empty list that says what will be in it', async () => {
    const page = await stage.openSignedIn(`/p/${lab.project_id}`);
    await page.getByRole('navigation', { name: 'Project' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.waitForURL(`**${path()}`);
    await page.getByRole('heading', { name: 'No sweeps yet' }).waitFor();
    await page.getByRole('link', { name: 'New sweep' }).click();
    await page.getByRole('heading', { name: 'New sweep' }).waitFor();
  });

  it('are made as a grid, from the page of the experiment', async () => {
    const page = await stage.openSignedIn(`/p/${lab.project_id}/e/${base}`);
    await page.getByRole('link', { name: 'Try hyperparameters' }).click();
    await field(page, 'Name').fill(`Rates ${HOSTILE}`);
    expect(await page.locator('datalist').first().locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value))).toEqual(['lr', 'optimizer.name', 'batch_size']);
    const submit = page.getByRole('button', { name: 'Make the sweep', exact: true });
    expect(await submit.isDisabled()).toBe(true);
    await field(page, 'Name 1').fill('lr');
    await page.getByText('“lr” has no values yet.').waitFor();
    await field(page, 'Values 1').fill('0.1, 0.01, 0.001');
    await page.getByRole('button', { name: 'Add a hyperparameter' }).click();
    await field(page, 'Name 2').fill('optimizer.name');
    await field(page, 'Values 2').fill('sgd');
    await field(page, 'Metric').fill('loss');
    await field(page, 'Jobs of each fork').fill('2');
    await page.getByText('3 forks, 6 jobs.').waitFor();
    await submit.click();
    const sweep = await made(page);
    ranked = sweep.sweep_id;
    expect(sweep).toMatchObject({ name: `Rates ${HOSTILE}`, experiment_id: base, method: 'grid', num_jobs: 2, metric: 'loss', mode: 'min', job: { num_devices: 1, stop_when: null } });
    expect(sweep.members.map(({ hyperparameters }) => hyperparameters)).toEqual([0.1, 0.01, 0.001].map((lr) => ({ lr, 'optimizer.name': 'sgd' })));
  });

  it('rank their forks while these train: the best one first, marked by sign and word, with what differs', async () => {
    const page = await stage.openSignedIn(one(ranked));
    await rows(page).nth(2).waitFor();
    expect(await page.locator('thead th').allTextContents()).toEqual(['Rank', 'Fork', 'lr', 'Best loss', 'Last loss', 'Jobs', 'State']);
    await page.getByText('optimizer.name sgd').waitFor();
    expect(await page.getByText(/lowest$/).filter({ hasText: '▼' }).count()).toBe(0);
    const losses: Record<string, number[]> = {};
    for (const loss of [0.9, 0.5, 0.7, 0.25, 0.6, 0.8]) {
      const before = await describeIt(ranked);
      await train(loss);
      const after = await describeIt(ranked);
      const trained = after.members.find((fork) => fork.num_ended > before.members.find(({ experiment_id }) => experiment_id === fork.experiment_id)!.num_ended)!;
      (losses[trained.experiment_id] ??= []).push(loss);
    }
    await page.getByText('Completed', { exact: true }).waitFor();
    const { members } = await describeIt(ranked);
    expect(members.map(({ best }) => best!.value)).toEqual(Object.values(losses).map((all) => Math.min(...all)).sort((a, b) => a - b));
    await eventually('the table shows them', async () => (await rows(page).allTextContents())[0]?.includes('▼ lowest') === true);
    const shown = await rows(page).allTextContents();
    expect(shown.map((text) => text.includes('▼ lowest'))).toEqual([true, false, false]);
    for (const [index, fork] of members.entries()) {
      expect(shown[index]).toBe(`${index + 1}${fork.name ?? fork.experiment_id.slice(0, 8)}${String(fork.hyperparameters['lr'])}${fork.best!.value} job ${fork.best!.sequence}${index === 0 ? '▼ lowest' : ''}${fork.last!.value}2 of 2Ended`);
    }
    await page.getByRole('link', { name: 'Compare the forks' }).click();
    await page.waitForURL(/\/compare\?/);
    await page.getByRole('slider', { name: 'loss of all, place by place' }).waitFor();
    await page.goBack();
    await rows(page).first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/p/${lab.project_id}/e/${members[0]!.experiment_id}`);
  });

  it('are drawn at random between bounds, and say where the server refuses', async () => {
    const page = await stage.openSignedIn(path('/new'));
    await field(page, 'Experiment').selectOption('Baseline');
    await page.getByRole('radio', { name: 'Some, drawn at random' }).check();
    await field(page, 'Name 1').fill('lr');
    await field(page, 'What 1 may be').selectOption('between, log scale');
    await field(page, 'Least 1').fill('0.1');
    await field(page, 'Most 1').fill('0.0001');
    await field(page, 'Forks').fill('4');
    await field(page, 'Seed').fill('7');
    await field(page, 'Metric').fill('accuracy');
    await field(page, 'The best is').selectOption('the highest');
    await field(page, 'Devices each').fill('50');
    await field(page, 'Stop a fork after').fill('3');
    await page.getByRole('button', { name: 'Make the sweep', exact: true }).click();
    await page.getByText('lr › max: must be more than min').waitFor();
    await field(page, 'Least 1').fill('0.00001');
    await page.getByRole('button', { name: 'Make the sweep', exact: true }).click();
    await page.getByRole('alert').getByText('not_enough_devices').waitFor();
    expect(await field(page, 'Devices each').getAttribute('aria-invalid')).toBe('true');
    await field(page, 'Devices each').fill('1');
    await page.getByRole('button', { name: 'Make the sweep', exact: true }).click();
    const sweep = await made(page);
    expect(sweep).toMatchObject({ method: 'random', seed: 7, metric: 'accuracy', mode: 'max', job: { stop_when: { metric: 'accuracy', mode: 'max', patience: 3 } } });
    expect(sweep.members).toHaveLength(4);
    await page.getByText('at random, by the seed 7').waitFor();
  });

  it('are cancelled, which the page asks about first', async () => {
    const { sweep_id } = await create({ sweep_name: 'Not any more', num_jobs: 3 });
    const page = await stage.openSignedIn(one(sweep_id));
    await page.getByRole('button', { name: 'Cancel the sweep', exact: true }).click();
    await page.getByRole('dialog', { name: 'Cancel Not any more?' }).getByRole('button', { name: 'Cancel the sweep', exact: true }).click();
    await page.getByText('Cancelled').first().waitFor();
    expect((await describeIt(sweep_id)).status).toBe('CANCELLED');
    await page.getByRole('button', { name: 'Cancel the sweep', exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: 'Sweeps' }).click();
    await eventually('the list shows it', async () => (await rows(page).first().textContent())?.startsWith('Not any moreCancelled2') === true);
  });

  it.each(shownLanguages)('are made and cancelled by the shown code, in %s', async (language) => {
    const runner = startRunner[language]();
    if (runner === undefined) return;
    try {
      const page = await stage.openSignedIn(path(`/new?experiment=${base}`));
      await field(page, 'Name').fill(`${language} ${HOSTILE}`);
      await page.getByRole('radio', { name: 'Some, drawn at random' }).check();
      await field(page, 'Seed').fill('11');
      await field(page, 'Forks').fill('2');
      await field(page, 'Name 1').fill('optimizer.name');
      await field(page, 'Values 1').fill(`${JSON.stringify(HOSTILE)}, "adam"`);
      await page.getByRole('button', { name: 'Add a hyperparameter' }).click();
      await field(page, 'Name 2').fill('lr');
      await field(page, 'What 2 may be').selectOption('between, log scale');
      await field(page, 'Least 2').fill('0.0001');
      await field(page, 'Most 2').fill('0.1');
      await field(page, 'Metric').fill(HOSTILE);
      await field(page, 'Spares').fill('0');
      await field(page, 'Time limit, in seconds').fill('900');
      await field(page, 'Stop a fork after').fill('4');
      const code = (await shownCode(page.getByRole('region', { name: 'Code', exact: true }), language))['Make the sweep']!;
      const outcome = await runner.run(code, ADMIN_KEY);
      expect(outcome).not.toHaveProperty('refused');
      const byCode = await describeIt((outcome.body as { sweep_id: string }).sweep_id);
      await page.getByRole('button', { name: 'Make the sweep', exact: true }).click();
      const byForm = await made(page);
      expect(byCode.name).toBe(`${language} ${HOSTILE}`);
      expect(lasting(byCode)).toEqual(lasting(byForm));

      await page.locator('summary', { hasText: /^Code$/ }).click();
      const shown = await shownCode(page.locator('details', { hasText: 'Code' }), language);
      const described = await runner.run(shown['Describe the sweep']!, ADMIN_KEY);
      expect((described.body as { sweep_id: string }).sweep_id).toBe(byForm.sweep_id);
      expect(await runner.run(shown['Cancel the sweep']!, ADMIN_KEY)).not.toHaveProperty('refused');
      expect((await describeIt(byForm.sweep_id)).status).toBe('CANCELLED');
      await lab.api.Sweep.cancel({ project_id: lab.project_id, sweep_id: byCode.sweep_id });
    } finally {
      await runner.stop();
    }
  });

  it('with many forks show those that the window is at, also on a phone', async () => {
    const { sweep_id } = await create({ sweep_name: 'Many', hyperparameters: { lr: { values: Array.from({ length: 200 }, (_, at) => at + 1) } } });
    const page = await stage.openSignedIn(one(sweep_id), { width: 320, height: 700 });
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBeLessThan(60);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
    const at = (y: number) => page.evaluate((height) => document.elementFromPoint(160, height)?.closest('tr')?.getAttribute('aria-rowindex') ?? null, y);
    await eventually('there is a row at the top of the window', async () => (await at(10)) !== null);
    await eventually('there is a row at its bottom', async () => (await at(690)) !== null);
    await lab.api.Sweep.cancel({ project_id: lab.project_id, sweep_id });
  });

  it('can be read by everybody', async () => {
    await expectFitForEverybody(stage, 'sweeps', path(), (page) => rows(page).first().waitFor());
    await expectFitForEverybody(stage, 'sweep', one(ranked), (page) => page.getByText('▼ lowest').waitFor());
    await expectFitForEverybody(stage, 'sweep-new', path(`/new?experiment=${base}`), async (page) => {
      await page.getByRole('radio', { name: 'Some, drawn at random' }).check();
      await field(page, 'Name 1').fill('lr');
      await field(page, 'What 1 may be').selectOption('between');
      await field(page, 'Least 1').fill('0');
      await field(page, 'Most 1').fill('1');
      await field(page, 'Metric').fill('loss');
      await page.getByRole('region', { name: 'Make the sweep', exact: true }).waitFor();
    });
    const { project_id } = await openLab(stage.server, 'Empty');
    await expectFitForEverybody(stage, 'sweeps-empty', `/p/${project_id}/sweeps`, (page) => page.getByText('No sweeps yet').waitFor());
    await expectFitForEverybody(stage, 'sweeps-error', `/p/${'f'.repeat(32)}/sweeps`, (page) => page.getByText('The sweeps: not here').waitFor());
    await expectFitForEverybody(stage, 'sweep-error', one('f'.repeat(32)), (page) => page.getByText('The sweep: not here').waitFor());
  });

  const PASSING = new Set(['sweep_id', 'created_at', 'experiment_id', 'job_id', 'status', 'name']);
  const lasting = (described: object): unknown => JSON.parse(JSON.stringify(described, (name, value: unknown) => (PASSING.has(name) ? undefined : value)));
});
