import { mkdirSync } from 'node:fs';
import { eventually } from '@vergeai/testkit';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.js';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Lab } from '../support/lab.js';

const PICTURES = process.env['PICTURES'];

describeInBrowser('pages in the colours of the system', (stage) => {
  let lab: Lab;
  let experiment = '';
  let other = '';
  const paths = () =>
    ({
      overview: '',
      experiments: `/experiments?selected=${experiment},${other}`,
      experiment: `/e/${experiment}?by=number`,
      metrics: `/e/${experiment}/metrics`,
      compare: `/compare?ids=${experiment},${other}&metric=loss&params=all`,
      new: '/new',
      devices: '/devices',
    }) as const;

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    const device = await lab.device('Ada');
    experiment = await lab.experiment('Baseline', { hyperparameters: { lr: 1 } });
    other = await lab.experiment('Other', { hyperparameters: { lr: 2 } });
    for (const [id, loss] of [[experiment, 0.9], [experiment, 0.4], [other, 0.7], [other, 0.6]] as const) await trainOnce(lab, id, device, { loss });
    await lab.api.Job.create({ project_id: lab.project_id, experiment_id: experiment, num_devices: 1 });
  });

  const open = async (name: keyof ReturnType<typeof paths>, colorScheme: 'light' | 'dark' = 'dark') => {
    const page = await stage.openSignedIn(`/p/${lab.project_id}${paths()[name]}`, { colorScheme, forcedColors: 'active' });
    await page.getByRole('navigation', { name: 'Project' }).getByText('Digits').waitFor();
    return page;
  };
  const style = (locator: Locator, property: string) => locator.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
  const canvas = (page: Page) => page.evaluate(() => getComputedStyle(document.body.appendChild(Object.assign(document.createElement('i'), { style: 'background: Canvas' }))).backgroundColor);

  it('show where one is, and what is chosen', async () => {
    const page = await open('experiment');
    await page.getByRole('link', { name: /^Job 3, training/ }).waitFor();
    for (const [chosen, not] of [
      [page.getByRole('button', { name: 'By number' }), page.getByRole('button', { name: 'By time' })],
      [page.getByRole('navigation', { name: 'Experiment' }).getByRole('link', { name: 'Jobs' }), page.getByRole('navigation', { name: 'Experiment' }).getByRole('link', { name: 'Log' })],
    ] as const) {
      expect(await style(chosen, 'background-color')).not.toBe(await style(not, 'background-color'));
      expect(await style(chosen, 'background-color')).not.toBe(await style(chosen, 'color'));
    }
    const main = page.getByRole('button', { name: 'Train', exact: true });
    expect(await style(main, 'background-color')).not.toBe(await style(main, 'color'));
    expect(await style(main, 'forced-color-adjust')).toBe('none');
    await page.keyboard.press('Control+k');
    const places = page.getByRole('option');
    await places.nth(1).waitFor();
    expect(await style(places.nth(0), 'background-color')).not.toBe(await style(places.nth(1), 'background-color'));
  });

  it('draw the bars of jobs so that they are seen', async () => {
    const page = await open('experiment');
    await page.getByRole('link', { name: /^Job 1, completed/ }).waitFor();
    const ground = await canvas(page);
    const fills = await page.locator('li svg rect[data-status]').evaluateAll((bars) => bars.map((bar) => [getComputedStyle(bar).fill, getComputedStyle(bar).stroke]));
    expect(fills.length).toBeGreaterThanOrEqual(6);
    for (const colours of fills) expect(colours.some((colour) => colour !== 'none' && colour !== ground)).toBe(true);
  });

  it('draw curves that are told apart', async () => {
    const page = await open('compare');
    await page.locator('canvas').waitFor();
    const strokes = await page.getByRole('region', { name: 'The last values' }).locator('tbody svg path').evaluateAll((lines) => lines.map((line) => getComputedStyle(line).stroke));
    expect(new Set([...strokes, await canvas(page)]).size).toBe(3);
  });

  it.each(['overview', 'experiments', 'experiment', 'metrics', 'compare', 'new', 'devices'] as const)('can be read: %s', async (name) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(name, colorScheme);
      await eventually('nothing is on its way', async () => (await page.locator('[aria-busy=true]').count()) === 0);
      if (PICTURES !== undefined) {
        mkdirSync(PICTURES, { recursive: true });
        await page.screenshot({ path: `${PICTURES}/forced-${name}-${colorScheme}.png` });
      }
      await expectAccessible(page);
    }
  });
});
