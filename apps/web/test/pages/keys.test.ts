import { APIError, VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY, eventually } from '@vergeai/testkit';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser('keys', (stage) => {
  const api = (apiKey = ADMIN_KEY) => new VergeAI({ apiKey, baseUrl: stage.server.url });

  it('are made here: the secret is shown once, and lets its owner in', async () => {
    const page = await stage.openSignedIn('/');
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.getByLabel('What the new key is for').fill('<b>Training</b>');
    await page.getByLabel('How long it holds').selectOption('Holds for 30 days');
    await page.getByRole('button', { name: 'Create a key' }).click();
    const notice = page.locator('section').filter({ hasText: 'Your new key' });
    const secret = (await notice.locator('code').first().textContent())!;
    const me = (await api(secret).APIKey.whoami()).body;
    expect(me.key.label).toBe('<b>Training</b>');
    const days = (Date.parse(me.key.expires_at!) - Date.parse(me.server.now)) / 86_400_000;
    expect(days).toBeCloseTo(30, 1);
    await notice.getByRole('button', { name: 'Copy the key' }).waitFor();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await notice.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: '<b>Training</b>' }).waitFor();
    expect(await page.content()).not.toContain(secret);
    await page.reload();
    await page.getByRole('heading', { name: '<b>Training</b>' }).waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  it('are revoked when somebody says so twice, after they were told what breaks', async () => {
    const { key } = (await api().APIKey.create({ label: 'Old script' })).body;
    const page = await stage.openSignedIn('/keys');
    const row = page.getByRole('listitem').filter({ hasText: 'Old script' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke the key Old script?' });
    await dialog.getByText(/Every program that uses it is refused/).waitFor();
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    await api(key).APIKey.whoami();
    await row.getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await row.getByText(/revoked/).waitFor();
    await expect(api(key).APIKey.whoami()).rejects.toThrow(APIError);
    await api().APIKey.whoami();
  });

  it('show where they are signed in, and end a session elsewhere', async () => {
    const other = await stage.openSignedIn('/keys');
    const page = await stage.openSignedIn('/keys');
    const sessions = page.getByRole('region', { name: 'Where you are signed in' });
    await sessions.getByText('this session', { exact: true }).waitFor();
    const before = (await api().APIKey.sessions()).body.data.length;
    // The newest is this one, the one after it the other browser's.
    const mine = sessions.getByRole('listitem').filter({ has: page.getByText('this session', { exact: true }) });
    expect(await mine.count()).toBe(1);
    expect(await mine.getByRole('button', { name: 'End the session' }).count()).toBe(0);
    await sessions.getByRole('listitem').nth(1).getByRole('button', { name: 'End the session' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click();
    await eventually('one session less', async () => (await api().APIKey.sessions()).body.data.length === before - 1);
    await other.reload();
    await other.getByLabel('API key').waitFor();
    await sessions.getByText('this session', { exact: true }).waitFor();
  });

  it('can be read by everybody', () => expectFitForEverybody(stage, 'keys', '/keys', (page) => page.getByText('this session', { exact: true }).waitFor()));
});
