import { eventually } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.js';
import { describeInBrowser } from '../support/browser.js';
import { openLab, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';

const NEWER = '99.0.0';

describeInBrowser('pages that a newer version replaces', (stage) => {
  let lab: Lab;
  const path = (more = '') => `/p/${lab.project_id}${more}`;
  const ready = (page: Page) => page.getByRole('navigation', { name: 'Project' }).getByText('Digits').waitFor();
  const bar = (page: Page) => page.getByRole('region', { name: 'New version' });

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    await lab.experiment('Baseline');
  });

  /** From now on the server says that it is of another version, by its stream and when it is asked. */
  async function upgrade(page: Page): Promise<void> {
    const { body } = await lab.api.APIKey.whoami();
    await page.context().route('**/v1/auth/whoami', (route) => route.fulfill({ json: { ...body, server: { ...body.server, version: NEWER } } }));
    await page.context().route('**/v1/project/changes/**', (route) => route.fulfill({ contentType: 'text/event-stream', body: `event: hello\ndata: ${JSON.stringify({ version: NEWER })}\n\n` }));
  }

  /** Stays as long as the page is not loaded anew. */
  const mark = (page: Page) => page.evaluate(() => void Object.assign(globalThis, { isMarked: true }));
  const isMarked = (page: Page) => page.evaluate(() => 'isMarked' in globalThis);

  it('say so when the stream says it, and go on until one reloads them', async () => {
    const page = await stage.openSignedIn(path('/new'));
    await ready(page);
    await page.getByLabel('Name', { exact: true }).fill('Half typed');
    await mark(page);
    await upgrade(page);
    expect(await bar(page).count()).toBe(0);
    await stage.killServer();
    await stage.restartServer();
    await bar(page).waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Half typed');
    expect(await isMarked(page)).toBe(true);
    await expectAccessible(page);
    await bar(page).getByRole('button', { name: 'Reload' }).click();
    await eventually('the page is loaded anew', async () => !(await isMarked(page).catch(() => true)));
    await ready(page);
    expect(await bar(page).count()).toBe(0);
  });

  it('say so, and are no broken page, when the code of another page is gone', async () => {
    const page = await stage.openSignedIn(path());
    await ready(page);
    await mark(page);
    await page.context().route(/\/assets\/page-[\w-]+\.(js|css)$/, (route) => route.fulfill({ status: 404, body: 'Not here.' }));
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByRole('heading', { name: 'This is in the new version of these pages' }).waitFor();
    await bar(page).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await isMarked(page)).toBe(true);
    // What was fetched before still works.
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'This is in the new version of these pages' }).waitFor({ state: 'detached' });
    await page.context().unrouteAll();
    await page.getByRole('link', { name: 'Devices' }).click();
    await page.getByRole('button', { name: 'Reload' }).first().click();
    await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor();
    expect(await isMarked(page)).toBe(false);
  });

  it('keep the rest of a page when a part of it is gone', async () => {
    const page = await stage.openSignedIn(path('/new'));
    await page.getByLabel('Name', { exact: true }).fill('Half typed');
    await page.context().route(/\/assets\/palette-[\w-]+\.(js|css)$/, (route) => route.fulfill({ status: 404, body: 'Not here.' }));
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Half typed');
  });

  it('do not take a server that is away for a new version', async () => {
    const page = await stage.openSignedIn(path());
    await ready(page);
    await stage.killServer();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'This did not come from the server' }).waitFor();
    await page.getByText(/^Not connected since/).waitFor();
    expect(await bar(page).count()).toBe(0);
    await stage.restartServer();
    await page.getByText(/^Not connected since/).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
  });

  it('can be read by everybody', () =>
    expectFitForEverybody(stage, 'new-version', path(), async (page) => {
      await page.context().route(/\/assets\/page-[\w-]+\.(js|css)$/, (route) => route.fulfill({ status: 404, body: 'Not here.' }));
      await page.getByRole('link', { name: 'Devices' }).click();
      await page.getByRole('heading', { name: 'This is in the new version of these pages' }).waitFor();
      await bar(page).waitFor();
    }));
});
