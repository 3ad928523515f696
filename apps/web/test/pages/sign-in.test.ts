import { VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser('signing in', (stage) => {
  const api = (apiKey = ADMIN_KEY) => new VergeAI({ apiKey, baseUrl: stage.server.url });
  const code = async () => (await api().APIKey.create_sign_in_code()).body.code;
  const isIn = (page: Page) => page.getByRole('heading', { name: 'Projects' }).waitFor();
  const enter = async (page: Page, key: string) => {
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  it('takes a key and keeps it nowhere', async () => {
    const page = await stage.open('/');
    await page.waitForURL('**/sign-in');
    await enter(page, ADMIN_KEY);
    await isIn(page);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie + document.documentElement.outerHTML)).not.toContain(ADMIN_KEY);
    expect(page.url()).toBe(`${stage.server.url}/`);
  });

  it('goes back to where somebody wanted to go', async () => {
    const { project_id } = (await api().Project.create({ project_name: 'Deep link' })).body;
    const page = await stage.open(`/p/${project_id}?from=mail`);
    await page.waitForURL('**/sign-in?**');
    await enter(page, ADMIN_KEY);
    await page.getByRole('navigation').getByText('Deep link').waitFor();
    expect(page.url()).toBe(`${stage.server.url}/p/${project_id}?from=mail`);
  });

  it('never goes to another server afterwards', async () => {
    const page = await stage.open('/sign-in?to=//evil.example/x');
    await enter(page, ADMIN_KEY);
    await isIn(page);
  });

  it('takes a code out of the link, once', async () => {
    const one = await code();
    const page = await stage.open(`/sign-in#code=${one}`);
    await isIn(page);
    expect(page.url()).not.toContain(one);
    const again = await stage.open(`/sign-in#code=${one}`);
    await again.getByText('The link does not sign in any more').waitFor();
    expect(again.url()).not.toContain(one);
    await enter(again, ADMIN_KEY);
    await isIn(again);
  });

  it('says what is wrong with a key', async () => {
    const page = await stage.open('/sign-in');
    await enter(page, 'not-a-key');
    await page.getByRole('alert').getByText('key_invalid').waitFor();
  });

  it('tells who is working when the session is over, and goes on in place', async () => {
    const page = await stage.openSignedIn('/');
    await page.getByLabel(/project/i).fill('Not sent yet');
    const { data } = (await api().APIKey.sessions()).body;
    await Promise.all(data.map(({ session_id }) => api().APIKey.revoke_session({ session_id })));
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('dialog', { name: 'You are signed out' }).waitFor();
    await enter(page, ADMIN_KEY);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Not sent yet' }).waitFor();
  });

  it('signs out', async () => {
    const page = await stage.openSignedIn('/');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await page.goto(`${stage.server.url}/`);
    await page.waitForURL('**/sign-in');
  });

  it('can be read by everybody', () => expectFitForEverybody(stage, 'sign-in', '/sign-in', (page) => page.getByLabel('API key').waitFor()));
});
