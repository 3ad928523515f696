import { ADMIN_KEY, eventually } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { startRunner } from '../reference/runners.js';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Device, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';
import { shownCode, shownLanguages } from '../support/shown-code.js';

describeInBrowser('comparing experiments', (stage) => {
  let lab: Lab;
  let device: Device;
  const ids: Record<string, string> = {};
  const path = (search = '', which = Object.values(ids)) => `/p/${lab.project_id}/compare?ids=${which.join()}${search}`;
  const chart = (page: Page, name = 'loss') => page.getByRole('slider', { name: `${name} of all, place by place` });
  const says = async (page: Page) => (await chart(page).getAttribute('aria-valuetext'))!;

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    device = await lab.device('Ada');
    const runs = { Baseline: [0.05, [0.9, 0.6, 0.4]], Fast: [0.5, [0.8, 0.2, 0.145]], Wild: [5, [0.9, 1.7]] } as const;
    for (const [name, [learning_rate, losses]] of Object.entries(runs)) {
      ids[name] = await lab.experiment(name, { hyperparameters: { learning_rate, batch_size: 32, optimizer: { name: name === 'Wild' ? 'adam' : 'sgd' } } });
      for (const loss of losses) await trainOnce(lab, ids[name], device, { loss, accuracy: 1 / (1 + loss) });
    }
  });

  it('begins in the list, where the keyboard chooses rows, and what is chosen is in the URL', async () => {
    const page = await stage.openSignedIn(`/p/${lab.project_id}/experiments`);
    await page.locator('tbody th a').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('1 chosen: one more, and they can be compared').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 chosen').waitFor();
    expect(new URL(page.url()).searchParams.get('selected')).toBe([ids['Wild'], ids['Fast']].join());
    await page.reload();
    expect(await page.getByRole('checkbox', { name: 'Wild, to compare' }).isChecked()).toBe(true);
    await page.locator('tbody th a').first().waitFor();
    await page.keyboard.press('c');
    await page.waitForURL(/\/compare\?/);
    await page.getByRole('heading', { name: 'Compare' }).waitFor();
    await chart(page, 'accuracy').waitFor();
  });

  it('lays the curves of a metric over one another, and reads them out with the arrow keys', async () => {
    const page = await stage.openSignedIn(path('&metric=loss'));
    await chart(page).locator('canvas').waitFor();
    await chart(page).focus();
    const read = [await says(page)];
    for (const key of ['ArrowLeft', 'ArrowLeft']) {
      await page.keyboard.press(key);
      read.push(await says(page));
    }
    expect(read).toEqual(['Job 3: Baseline 0.4, Fast 0.145', 'Job 2: Baseline 0.6, Fast 0.2, Wild 1.7', 'Job 1: Baseline 0.9, Fast 0.8, Wild 0.9']);
  });

  it('shows in what they differ, and all the rest when asked for', async () => {
    const page = await stage.openSignedIn(path());
    const rows = page.getByRole('region', { name: 'Hyperparameters side by side' }).locator('tbody tr');
    await rows.nth(1).waitFor();
    expect(await rows.allTextContents()).toEqual(['learning_rate0.050.55', 'optimizer.namesgdsgdadam']);
    await page.getByRole('button', { name: 'Also those that are the same' }).click();
    await rows.nth(2).waitFor();
    expect(await rows.allTextContents()).toEqual(['learning_rate≠ differs0.050.55', 'batch_size323232', 'optimizer.name≠ differssgdsgdadam']);
  });

  it('says how each ended and which is best, in a table that can be saved', async () => {
    const page = await stage.openSignedIn(path());
    const rows = page.getByRole('region', { name: 'The last values' }).locator('tbody tr');
    await rows.nth(2).waitFor();
    expect(await rows.nth(1).textContent()).toBe('Fast0.8734▲ highest0.145▼ lowest3×');
    expect(await rows.filter({ hasText: '▼' }).count()).toBe(1);
    const link = await page.getByRole('link', { name: 'Save as CSV' }).getAttribute('href');
    expect(decodeURIComponent(link!)).toContain(`${ids['Wild']},Wild,2,`);
    await page.getByRole('button', { name: 'Take Wild out' }).click();
    await page.waitForURL((url) => url.searchParams.get('ids') === [ids['Baseline'], ids['Fast']].join());
    await rows.nth(2).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /^Take/ }).count()).toBe(0);
  });

  it('keeps how it is looked at in its URL, which shows the same elsewhere', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByLabel('Metric').selectOption('accuracy');
    await page.getByLabel('Along').selectOption('By examples seen');
    await page.getByRole('button', { name: 'Logarithmic' }).click();
    await page.waitForURL(/scale=log/);
    const { pathname, search } = new URL(page.url());
    const other = await stage.openSignedIn(pathname + search);
    await chart(other, 'accuracy').waitFor();
    expect(await other.getByLabel('Along').inputValue()).toBe('examples');
    expect(await chart(other, 'accuracy').getAttribute('aria-valuetext')).toBe('Baseline, job 3: 0.7143; Fast, job 3: 0.8734');
  });

  it.each(shownLanguages)('shows the code that asks for the same, in %s', async (language) => {
    const runner = startRunner[language]();
    if (runner === undefined) return;
    const page = await stage.openSignedIn(path());
    await page.locator('summary', { hasText: /^Code$/ }).click();
    const code = (await shownCode(page.locator('details', { hasText: 'Code' }), language))['Compare the experiments']!;
    const { body } = await runner.run(code, ADMIN_KEY);
    await runner.stop();
    expect((body as { experiments: { name: string }[] }).experiments.map(({ name }) => name)).toEqual(['Baseline', 'Fast', 'Wild']);
    expect(body).toMatchObject({ differing: ['learning_rate', 'optimizer.name'] });
  });

  it('goes on while they train: who stands at the last job stays at the last one', async () => {
    const page = await stage.openSignedIn(path('&metric=loss', [ids['Baseline']!, ids['Fast']!]));
    await chart(page).locator('canvas').waitFor();
    await trainOnce(lab, ids['Fast']!, device, { loss: 0.12, accuracy: 0.9 });
    await eventually('the new job is read out', async () => (await says(page)) === 'Job 4: Fast 0.12');
  });

  it('says what to do where nothing is chosen, and what is wrong where something is gone', async () => {
    const nothing = await stage.openSignedIn(`/p/${lab.project_id}/compare`);
    await nothing.getByText('Choose two experiments or more').waitFor();
    const gone = await stage.openSignedIn(path('', [ids['Fast']!, 'f'.repeat(32)]));
    await gone.getByText('The comparison: not here').waitFor();
  });

  it('can be read by everybody', async () => {
    await expectFitForEverybody(stage, 'compare', path('&metric=loss&params=all'), (page) => chart(page).locator('canvas').waitFor());
    await expectFitForEverybody(stage, 'compare-none', `/p/${lab.project_id}/compare`, (page) => page.getByText('Choose two experiments or more').waitFor());
    await expectFitForEverybody(stage, 'compare-error', path('', [ids['Fast']!, 'f'.repeat(32)]), (page) => page.getByText('The comparison: not here').waitFor());
    const empty = [await lab.experiment('Empty one'), await lab.experiment('Empty two')];
    await expectFitForEverybody(stage, 'compare-empty', path('', empty), (page) => page.getByText('None of them has a metric yet.').waitFor());
    await expectFitForEverybody(stage, 'compare-chosen', `/p/${lab.project_id}/experiments?selected=${ids['Fast']},${ids['Wild']}`, (page) => page.getByText('2 chosen').waitFor());
  });
});
