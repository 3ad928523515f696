import { eventually } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';

const MANY = 10_000;

describeInBrowser('the list of experiments', (stage) => {
  let lab: Lab;
  let failed = '';
  const path = (search = '') => `/p/${lab.project_id}/experiments${search}`;
  const names = async (page: Page) => (await page.locator('tbody th a').allTextContents()).slice(0, 5);
  const list = (page: Page) => page.locator('tbody th a').first().waitFor();

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    const device = await lab.device('only');
    for (const [name, loss, tags] of [['Baseline', 0.41, ['paper']], ['Wide', 0.145, ['paper', 'wide']], ['Narrow', 1.92, []]] as const) {
      const id = await lab.experiment(name, { hyperparameters: { lr: loss / 10, optimizer: { name: 'sgd' } }, tags: [...tags] });
      await trainOnce(lab, id, device, { loss, accuracy: 1 - loss / 2 });
      if (name === 'Narrow') failed = (await lab.api.Job.create({ project_id: lab.project_id, experiment_id: id, num_devices: 1 })).body.ID;
    }
    await lab.api.Job.cancel({ project_id: lab.project_id, job_id: failed });
  });

  it('says what will be here while there is nothing, and what that takes', async () => {
    const { project_id } = (await lab.api.Project.create({ project_name: 'Empty' })).body;
    const page = await stage.openSignedIn(`/p/${project_id}/experiments`);
    await page.getByText('No experiments yet').waitFor();
    expect(await page.locator('pre').textContent()).toContain(project_id);
  });

  it('shows how each goes, with its metrics', async () => {
    const page = await stage.openSignedIn(path());
    await list(page);
    expect(await names(page)).toEqual(['Narrow', 'Wide', 'Baseline']);
    const wide = page.getByRole('row', { name: /^Wide/ });
    expect(await wide.textContent()).toContain('Completed job 1');
    expect(await wide.textContent()).toContain('0.145');
    expect(await page.getByRole('row', { name: /^Narrow/ }).textContent()).toContain('Cancelled job 2');
  });

  it('sorts by a metric, and the link shows the same to somebody else', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByRole('button', { name: 'loss' }).click();
    await eventually('the best comes first', async () => (await names(page))[0] === 'Wide');
    expect(await page.getByRole('columnheader', { name: /loss/ }).getAttribute('aria-sort')).toBe('ascending');
    const other = await stage.openSignedIn(new URL(page.url()).pathname + new URL(page.url()).search);
    await list(other);
    expect(await names(other)).toEqual(['Wide', 'Baseline', 'Narrow']);
  });

  it('finds by name and by tag, and tells nothing found from nothing there', async () => {
    const page = await stage.openSignedIn(path());
    await list(page);
    await page.keyboard.press('/');
    await page.keyboard.type('base');
    await eventually('only one is left', async () => (await names(page)).join() === 'Baseline');
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('No experiment fits').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('button', { name: 'Only with the tag wide' }).click();
    await eventually('only the tagged one is left', async () => (await names(page)).join() === 'Wide');
    expect(page.url()).toContain('tag=wide');
  });

  it('has a column for a hyperparameter that is asked for', async () => {
    const page = await stage.openSignedIn(path());
    await list(page);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel('Hyperparameters').fill('optimizer.name');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('columnheader', { name: 'optimizer.name' }).waitFor();
    await page.getByRole('row', { name: /^Wide/ }).filter({ hasText: 'sgd' }).waitFor();
  });

  it('can be read by everybody', async () => {
    await expectFitForEverybody(stage, 'experiments', path(), list);
    await expectFitForEverybody(stage, 'experiments-none', path('?q=nothing-here'), (page) => page.getByText('No experiment fits').waitFor());
    const { project_id } = (await lab.api.Project.create({ project_name: 'Empty' })).body;
    await expectFitForEverybody(stage, 'experiments-empty', `/p/${project_id}/experiments`, (page) => page.getByText('No experiments yet').waitFor());
  });

  it(`stays small with ${MANY} of them, and the keyboard goes on and on`, async () => {
    const { project_id } = (await lab.api.Project.create({ project_name: 'Many' })).body;
    let made = 0;
    const makeSome = async () => {
      while (made < MANY) await lab.api.Experiment.create({ project_id, experiment_name: `Run ${++made}` });
    };
    await Promise.all(Array.from({ length: 32 }, makeSome));
    const page = await stage.openSignedIn(`/p/${project_id}/experiments`);
    await page.getByText(`${MANY.toLocaleString('en')} experiments`).waitFor();
    const rows = () => page.locator('tbody tr').count();
    expect(await rows()).toBeLessThanOrEqual(60);
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(MANY + 1));
    const lastIndex = async () => Number(await page.locator('tbody tr[aria-rowindex]').last().getAttribute('aria-rowindex'));
    for (const beyond of [150, 450, 900]) {
      await eventually(`row ${beyond}`, async () => {
        await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
        return (await lastIndex()) > beyond;
      });
      expect(await rows()).toBeLessThanOrEqual(60);
    }
    await page.evaluate(() => window.scrollTo(0, 0));
    await eventually('the first row is back', async () => (await page.locator('tr[aria-rowindex="2"]').count()) === 1);
    for (let press = 0; press < 60; press++) await page.keyboard.press('j');
    await eventually('the focus is far below', async () => Number(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['row'])) >= 40);
  });
});
