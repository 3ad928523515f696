import { NotFound, VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY, eventually } from '@vergeai/testkit';
import { beforeAll, expect, it } from 'vitest';
import { startRunner } from '../reference/runners.js';
import { describeInBrowser } from '../support/browser.js';
import { expectFitForEverybody } from '../support/look.js';
import { shownCode, shownLanguages } from '../support/shown-code.js';

describeInBrowser('the members of a project', (stage) => {
  let api: VergeAI;
  let project_id = '';
  const path = () => `/p/${project_id}/members`;
  const newUser = async (user_name: string) => (await api.User.create({ user_name })).body;
  const levelOf = async (id: string) => (await api.Project.members({ project_id })).body.data.find(({ user_id }) => user_id === id)?.permission_level;

  beforeAll(async () => {
    api = new VergeAI({ apiKey: ADMIN_KEY, baseUrl: stage.server.url });
    project_id = (await api.Project.create({ project_name: 'Digits' })).body.project_id;
  });

  it('come in by their user id, get another level, and go', async () => {
    const { user_id, key } = await newUser('Ada <b>');
    const page = await stage.openSignedIn(path());
    const form = page.getByRole('form', { name: 'Add a member' });
    await form.getByLabel('User id').fill(user_id);
    await form.getByLabel('What they may do').selectOption('Can read');
    await form.getByRole('button', { name: 'Add' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'Ada <b>' });
    await row.waitFor();
    expect(await levelOf(user_id)).toBe(1);
    await row.getByLabel('What Ada <b> may do').selectOption('Admin');
    await eventually('they are an admin', async () => (await levelOf(user_id)) === 10);
    await row.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    await expect(api.withOptions({ apiKey: key }).Project.members({ project_id })).rejects.toThrow(NotFound);
  });

  it('are told why something cannot be', async () => {
    const page = await stage.openSignedIn(path());
    const mine = page.getByRole('listitem').filter({ has: page.getByText('you', { exact: true }) });
    await mine.getByRole('combobox').selectOption('Can read');
    await mine.getByText('last_owner').waitFor();
    const form = page.getByRole('form', { name: 'Add a member' });
    await form.getByLabel('User id').fill('f'.repeat(32));
    await form.getByRole('button', { name: 'Add' }).click();
    await form.getByText('user_not_found').waitFor();
  });

  it.each(shownLanguages)('are added by the shown code, in %s', async (language) => {
    const runner = startRunner[language]();
    if (runner === undefined) return;
    const { user_id } = await newUser(`By ${language}`);
    const page = await stage.openSignedIn(path());
    const form = page.getByRole('form', { name: 'Add a member' });
    await form.getByLabel('User id').fill(user_id);
    await form.locator('summary').click();
    expect(await runner.run((await shownCode(form, language))['Add the member']!, ADMIN_KEY)).not.toHaveProperty('refused');
    await runner.stop();
    expect(await levelOf(user_id)).toBe(5);
  });

  it('can be read by everybody', async () => {
    await expectFitForEverybody(stage, 'members', path(), (page) => page.getByText('you', { exact: true }).waitFor());
    await expectFitForEverybody(stage, 'members-error', `/p/${'f'.repeat(32)}/members`, (page) => page.getByText(/not here/).first().waitFor());
  });
});
