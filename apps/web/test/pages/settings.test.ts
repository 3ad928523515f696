import { VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY, eventually } from '@vergeai/testkit';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { expectFitForEverybody } from '../support/look.js';

describeInBrowser('the settings of a project', (stage) => {
  let api: VergeAI;
  const newProject = async (project_name: string) => (await api.Project.create({ project_name, project_description: 'first' })).body.project_id;
  beforeAll(() => {
    api = new VergeAI({ apiKey: ADMIN_KEY, baseUrl: stage.server.url });
  });

  it('rename and describe it', async () => {
    const project_id = await newProject('Digits');
    const page = await stage.openSignedIn(`/p/${project_id}/settings`);
    const form = page.getByRole('form', { name: 'Name and description' });
    expect(await form.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await form.getByLabel('Name').fill('Größe');
    await form.getByLabel('Description').fill('');
    await form.getByRole('button', { name: 'Save' }).click();
    await eventually('it is saved', async () => (await api.Project.overview({ project_id })).body.name === 'Größe');
    expect((await api.Project.overview({ project_id })).body.description).toBeNull();
  });

  it('tell what it keeps, and limit that', async () => {
    const project_id = await newProject('Small');
    const page = await stage.openSignedIn(`/p/${project_id}/settings`);
    const form = page.getByRole('form', { name: 'Limit its storage' });
    await form.getByLabel('Its own limit, in MB').fill('2.5');
    await form.getByRole('button', { name: 'Set the limit' }).click();
    await page.getByText('0 B of models of 2.5 MB that it may keep, its own limit').waitFor();
    expect((await api.Project.storage({ project_id })).body.own_max_bytes).toBe(2_500_000);
  });

  it('delete it, once its name was typed', async () => {
    const project_id = await newProject('To go');
    const page = await stage.openSignedIn(`/p/${project_id}/settings`);
    const form = page.getByRole('form', { name: 'Delete the project' });
    await form.getByRole('textbox').fill('To g');
    expect(await form.getByRole('button', { name: 'Delete it' }).isDisabled()).toBe(true);
    await form.getByRole('textbox').fill('To go');
    await form.getByRole('button', { name: 'Delete it' }).click();
    await page.waitForURL((url) => !url.pathname.includes(project_id));
    expect((await api.Project.list()).body.data.map((project) => project.project_id)).not.toContain(project_id);
  });

  it('can be read by everybody', async () => {
    const project_id = await newProject('To look at');
    await expectFitForEverybody(stage, 'settings', `/p/${project_id}/settings`, (page) => page.getByText('of models').waitFor());
  });
});
