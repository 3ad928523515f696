import { VergeAI } from '@vergeai/sdk';
import { ADMIN_KEY } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { expectFitForEverybody } from '../support/look.js';

const section = (page: Page, id: string) => page.locator(`[id="${id}"]`);
/** The example of an operation in the language that is shown. */
const example = (page: Page, id: string) => section(page, id).locator('.beside .example').first().locator('figure:visible');
const top = (page: Page, id: string) => section(page, id).evaluate((element) => element.getBoundingClientRect().top);

describeInBrowser('the reference', (stage) => {
  let project_id: string;
  let experiment_id: string;
  let vergeai: VergeAI;
  beforeAll(async () => {
    vergeai = new VergeAI({ apiKey: ADMIN_KEY, baseUrl: stage.server.url });
    ({ project_id } = (await vergeai.Project.create({ project_name: 'Digits' })).body);
    experiment_id = (await vergeai.Experiment.create({ project_id, experiment_name: '<img src=x onerror=alert(1)>' })).body.ID;
  });

  it('begins with the three operations of the reference page, in its order', async () => {
    const page = await stage.open('/docs');
    const names = await page.locator('.operation').evaluateAll((all) => all.map(({ id }) => id));
    expect(names.slice(0, 3)).toEqual(['experiment.create', 'experiment.get', 'experiment.submit_start_model']);
    await example(page, 'experiment.create').getByText('vergeai.Experiment.create(').waitFor();
    await example(page, 'experiment.create').getByText('...Project ID...').waitFor();
  });

  it('is whole without a script, in one language', async () => {
    const context = await (await stage.open('/docs')).context().browser()!.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${stage.server.url}/docs#errors-invalid_model`);
    expect(Math.abs(await top(page, 'errors-invalid_model'))).toBeLessThan(200);
    expect(await page.locator('.code:visible[data-language=python]').count()).toBeGreaterThan(50);
    expect(await page.locator('.code:visible:not([data-language=python])').count()).toBe(0);
    await page.getByRole('radio', { name: 'curl' }).check();
    expect(await page.locator('.code:visible:not([data-language=curl])').count()).toBe(0);
    await context.close();
  });

  it('opens where a link leads: at an operation, an error or an event', async () => {
    const page = await stage.open('/docs#job.create');
    for (const id of ['job.create', 'errors-not_enough_devices', 'events-job_failed']) {
      await page.goto(`${stage.server.url}/docs#${id}`);
      await expect.poll(() => top(page, id)).toBeLessThan(200);
      expect(await top(page, id)).toBeGreaterThanOrEqual(0);
    }
    await page.goto(`${stage.server.url}/docs#job.create`);
    await section(page, 'job.create').getByRole('link', { name: 'not_enough_devices' }).click();
    expect(page.url()).toMatch(/#errors-not_enough_devices$/);
    await expect.poll(() => top(page, 'errors-not_enough_devices')).toBeLessThan(200);
  });

  it('has no link that leads nowhere', async () => {
    const page = await stage.open('/docs');
    const lost = await page.locator('a[href^="#"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')!.slice(1)).filter((id) => !document.getElementById(id)));
    expect(lost).toEqual([]);
    const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id));
    expect(ids.length).toBe(new Set(ids).size);
    for (const href of await page.locator('a[href^="./"]').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))) expect((await fetch(href)).status, href).toBe(200);
  });

  it('finds by keyboard what somebody asks for', async () => {
    const page = await stage.open('/docs');
    await page.locator('body').press('/');
    await page.keyboard.type('start model');
    const found = page.getByRole('list', { name: 'Found' });
    await expect.poll(() => found.getByRole('link').first().textContent()).toContain('experiment.submit_start_model');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#experiment\.start_model$/);
    await found.waitFor({ state: 'hidden' });
    // A member, an error and an event are found as well.
    for (const [asked, title] of [['device_timeout_sec', 'job.create'], ['not_enough_devices', 'not_enough_devices'], ['current_model_changed', 'current_model_changed']] as const) {
      await page.getByRole('searchbox').fill(asked);
      await found.getByText(title, { exact: true }).waitFor();
    }
    await page.getByRole('searchbox').fill('<b>nothing</b>');
    await found.getByText('Nothing has “<b>nothing</b>” in it.').waitFor();
    await page.keyboard.press('Escape');
    await found.waitFor({ state: 'hidden' });
  });

  it('keeps the language in the address and for the next time', async () => {
    const page = await stage.open('/docs');
    await page.getByRole('radio', { name: 'TypeScript' }).check();
    expect(new URL(page.url()).searchParams.get('lang')).toBe('typescript');
    await example(page, 'experiment.create').getByText("from '@vergeai/sdk'").waitFor();
    const again = await stage.openBeside(page, '/docs');
    expect(await again.getByRole('radio', { name: 'TypeScript' }).isChecked()).toBe(true);
    const sent = await stage.open('/docs?lang=curl#job.list');
    await example(sent, 'job.list').getByText('Authorization: Bearer $VERGEAI_API_KEY').waitFor();
  });

  it('shares its colours with the dashboard', async () => {
    const page = await stage.open('/docs', { colorScheme: 'light' });
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
    expect(await ground()).not.toBe(light);
    const dashboard = await stage.openBeside(page, '/sign-in');
    expect(await dashboard.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  });

  it('shows a reader who is signed in their own ids, and the address of their server', async () => {
    const page = await stage.openSignedIn('/docs');
    await page.getByRole('combobox', { name: 'Experiment' }).waitFor();
    await expect.poll(() => example(page, 'experiment.get').textContent()).toContain(experiment_id);
    const text = await example(page, 'experiment.get').textContent();
    expect(text).toContain(project_id);
    expect(text).toContain(`vergeai.base_url = "${stage.server.url}"`);
    const { project_id: other } = (await vergeai.Project.create({ project_name: 'Other' })).body;
    await page.reload();
    await page.getByRole('combobox', { name: 'Project' }).selectOption({ label: 'Other' });
    await expect.poll(() => example(page, 'experiment.get').textContent()).toContain(other);
    expect(await example(page, 'experiment.get').textContent()).toContain('...Experiment ID...');
    await page.reload();
    await expect.poll(() => example(page, 'experiment.get').textContent()).toContain(other);
    await page.getByRole('combobox', { name: 'Project' }).selectOption({ label: 'Digits' });
    await expect.poll(() => example(page, 'experiment.get').textContent()).toContain(experiment_id);
  });

  it('sends an operation from the page, and says what came back', async () => {
    const page = await stage.openSignedIn(`/docs?project_id=${project_id}#experiment.create`);
    await expect.poll(() => example(page, 'experiment.create').textContent()).toContain(project_id);
    const create = section(page, 'experiment.create');
    await create.getByText('Try it').click();
    await create.getByLabel('Input, as JSON').fill(JSON.stringify({ project_id, experiment_name: 'From the page' }));
    await create.getByRole('button', { name: 'Send' }).click();
    const answer = create.getByRole('group', { name: 'What experiment.create answered' });
    await answer.getByText('"current_job": "NONE"').waitFor();
    const { body } = await vergeai.Experiment.list({ project_id });
    expect(body.data[0]!.name).toBe('From the page');
    await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'From the page' });
    await expect.poll(() => example(page, 'experiment.get').textContent()).toContain(body.data[0]!.experiment_id);

    await create.getByLabel('Input, as JSON').fill('{"project_id": "x"}');
    await create.getByRole('button', { name: 'Send' }).click();
    await answer.getByText('/body/project_id', { exact: true }).waitFor();
    expect(await answer.getByRole('link', { name: 'invalid_request' }).getAttribute('href')).toBe('#errors-invalid_request');
    await create.getByLabel('Input, as JSON').fill('{oops');
    await create.getByRole('button', { name: 'Send' }).click();
    await answer.getByText('That is not JSON').waitFor();
  });

  it('asks before it takes something away, and does not fill in what', async () => {
    const page = await stage.openSignedIn('/docs#project.delete');
    await expect.poll(() => example(page, 'project.delete').locator('.known').count()).toBeGreaterThan(1);
    const remove = section(page, 'project.delete');
    await remove.getByText('Try it').click();
    const input = remove.getByLabel('Input, as JSON');
    expect(await input.inputValue()).toContain('...Project ID...');
    const { project_id: doomed } = (await vergeai.Project.create({ project_name: 'Doomed' })).body;
    await input.fill(JSON.stringify({ project_id: doomed }));
    page.once('dialog', (dialog) => void dialog.dismiss());
    await remove.getByRole('button', { name: 'Send' }).click();
    expect((await vergeai.Project.list()).body.data.map((project) => project.project_id)).toContain(doomed);
    page.once('dialog', (dialog) => void dialog.accept());
    await remove.getByRole('button', { name: 'Send' }).click();
    await remove.locator('.answer').getByText('200', { exact: true }).waitFor();
    expect((await vergeai.Project.list()).body.data.map((project) => project.project_id)).not.toContain(doomed);
  });

  it('leads who is not signed in there and back', async () => {
    const page = await stage.open('/docs?lang=curl#job.create');
    await page.locator('#yours').getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel(/key/i).first().fill(ADMIN_KEY);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('combobox', { name: 'Project' }).waitFor();
    expect(page.url()).toBe(`${stage.server.url}/docs?lang=curl#job.create`);
  });

  it('is fit for everybody: in both colours, on a phone and on a desk, with an operation tried', async () => {
    await expectFitForEverybody(stage, 'reference', `/docs?project_id=${project_id}`, async (page) => {
      await page.getByRole('combobox', { name: 'Experiment' }).waitFor();
      await expect.poll(() => example(page, 'experiment.get').locator('.known').count()).toBe(3);
      const get = section(page, 'experiment.get');
      await get.getByText('Try it').click();
      await get.getByText('Its 7 members').click();
      await get.getByRole('button', { name: 'Send' }).click();
      await get.locator('.answer:not([hidden])').waitFor();
    });
  });
});

describeInBrowser(
  'the reference below a path',
  (stage) => {
    it('has its styles and scripts, and asks the server below that path', async () => {
      const page = await stage.open('/verge/docs');
      await example(page, 'experiment.create').getByText(/vergeai\.base_url = "http:\/\/.*\/verge"/).waitFor();
      await page.locator('#yours').getByRole('link', { name: 'Sign in' }).waitFor();
      expect(await page.locator('.home').evaluate((link) => (link as HTMLAnchorElement).pathname)).toBe('/verge/');
    });
  },
  { PUBLIC_URL: 'http://localhost/verge' },
);
