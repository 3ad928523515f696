import { VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY } from '@vergeai/testkit';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser('projects', (stage) => {
  const api = () => new VergeAI({ apiKey: ADMIN_KEY, baseUrl: stage.server.url });

  it('begin with one, which is made here', async () => {
    const page = await stage.openSignedIn('/');
    await page.getByLabel('Name of your first project').fill('Digits <b>& more</b>');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Digits <b>& more</b>' }).waitFor();
    const { data } = (await api().Project.list()).body;
    expect(data.map(({ name }) => name)).toEqual(['Digits <b>& more</b>']);
    expect(page.url()).toContain(`/p/${data[0]!.project_id}`);
  });

  it('lead to theirs, and an address that leads nowhere says so', async () => {
    const page = await stage.openSignedIn('/');
    await page.getByRole('link', { name: /Digits/ }).click();
    await page.getByRole('heading', { name: /Digits/ }).waitFor();
    await page.goto(`${stage.server.url}/nowhere/at/all`);
    await page.getByText('There is no such page here').waitFor();
  });

  it('stay in the colours that somebody chose', async () => {
    const page = await stage.openSignedIn('/');
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.getByLabel('Colours').selectOption('Dark');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await ground()).toBe(dark);
  });

  it('can be read by everybody', () => expectFitForEverybody(stage, 'projects', '/', (page) => page.getByRole('link', { name: /Digits/ }).waitFor()));
});

describeInBrowser('below a path', (stage) => {
  it('everything works, too', async () => {
    // Nobody stands between who takes the path away: the server knows both.
    const page = await stage.open('/verge/');
    await page.waitForURL('**/verge/sign-in');
    await page.getByLabel('API key').fill(ADMIN_KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Name of your first project').fill('Below');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Below' }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/verge\/p\/[0-9a-f]{32}$/);
    await page.reload();
    await page.getByRole('heading', { name: 'Below' }).waitFor();
  });
}, { PUBLIC_URL: 'http://127.0.0.1:1/verge' });
