import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NotFound } from '@vergeai/sdk';
import { eventually } from '@vergeai/testkit';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, type Lab } from '../support/lab.js';
import { expectFitForEverybody } from '../support/look.js';

const verge = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));

describeInBrowser('the devices of a project', (stage) => {
  let lab: Lab;
  const at = (search = '') => `/p/${lab.project_id}/devices${search}`;

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    const { project_id } = lab;
    await lab.api.Device.create({ project_id, device_name: 'Attic <i>', labels: ['slow'] });
    const seen = await lab.device('Lab 3');
    await lab.api.Device.update({ project_id, device_id: seen.id, labels: ['gpu', 'lab'] });
    await seen.api.Device.next_job({ project_id });
  });

  it('say whether they are there, and are found by name, presence and label', async () => {
    const page = await stage.openSignedIn(at());
    const rows = page.locator('tbody tr[aria-rowindex]');
    await rows.nth(1).waitFor();
    expect(await rows.nth(0).textContent()).toMatch(/^Lab 3.*gpulab.*Online/);
    expect(await rows.nth(1).textContent()).toMatch(/^Attic <i>.*slow.*Never seen/);
    await page.getByLabel('Which presence').selectOption('Never seen');
    await eventually('one is left', async () => (await rows.count()) === 1);
    await page.getByLabel('Which presence').selectOption('There or not');
    await page.getByRole('button', { name: 'Only with the label gpu' }).click();
    await eventually('the other one is left', async () => (await rows.allTextContents()).every((text) => text.startsWith('Lab 3')));
    expect(page.url()).toContain('label=gpu');
    await page.keyboard.press('/');
    await page.keyboard.type('nothing');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await rows.nth(1).waitFor();
  });

  it('come in with a key that is shown once, with which the shown command trains', async () => {
    const project = await openLab(stage.server, 'One more');
    const page = await stage.openSignedIn(`/p/${project.project_id}/devices`);
    await page.getByText('No devices yet').waitFor();
    const form = page.getByRole('form', { name: 'Register a device' });
    await form.getByLabel('Name of a new device').fill('laptop-1');
    await form.getByLabel('Labels, separated by commas').fill('gpu, lab 3, gpu');
    await form.getByRole('button', { name: 'Register' }).click();
    const key = (await page.locator('code', { hasText: /^vgd_/ }).textContent())!;
    const command = (await page.getByRole('region', { name: 'Run the device' }).textContent())!;
    expect((await project.api.Device.list({ project_id: project.project_id })).body.data).toMatchObject([{ name: 'laptop-1', labels: ['gpu', 'lab 3'] }]);
    const experiment_id = await project.experiment('Baseline');
    const { ID: job_id } = (await project.api.Job.create({ project_id: project.project_id, experiment_id, num_devices: 1 })).body;
    const folder = await mkdtemp(path.join(tmpdir(), 'verge-device-'));
    await writeFile(path.join(folder, 'train.mjs'), 'export default ({ model }) => ({ model });\n');
    const child = spawn('/bin/sh', ['-c', `verge() { ${process.execPath} ${verge} "$@"; }\n${command} --max-jobs 1`], { cwd: folder, stdio: 'ignore', env: { PATH: process.env['PATH'], HOME: folder, VERGEAI_API_KEY: key } });
    expect(await once(child, 'exit')).toEqual([0, null]);
    await project.api.Job.wait_for_completion({ project_id: project.project_id, job_id });
    await page.getByRole('button', { name: 'I have stored it' }).click();
    expect(await page.content()).not.toContain(key);
    await rm(folder, { recursive: true });
  });

  it('get another name and other labels, and go', async () => {
    const { project_id } = lab;
    const { device_id } = (await lab.api.Device.create({ project_id, device_name: 'Old' })).body;
    const page = await stage.openSignedIn(at());
    await page.getByRole('button', { name: 'Change Old' }).click();
    const form = page.getByRole('form', { name: 'Change Old' });
    await form.getByLabel('Name', { exact: true }).fill('New');
    await form.getByLabel('Labels, separated by commas').fill('attic');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    expect((await lab.api.Device.get({ project_id, device_id })).body).toMatchObject({ name: 'New', labels: ['attic'] });
    await page.getByRole('button', { name: 'Change New' }).click();
    await page.getByRole('form', { name: 'Change New' }).getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Change New' }).waitFor({ state: 'detached' });
    await expect(lab.api.Device.get({ project_id, device_id })).rejects.toThrow(NotFound);
  });

  it('can be read by everybody', async () => {
    const { data } = (await lab.api.Device.list({ project_id: lab.project_id })).body;
    await expectFitForEverybody(stage, 'devices', at(`?edit=${data.at(-1)!.device_id}`), (page) => page.getByRole('form', { name: /^Change/ }).waitFor());
    await expectFitForEverybody(stage, 'devices-none', at('?q=nothing'), (page) => page.getByText('No device fits').waitFor());
    const empty = await openLab(stage.server, 'Empty');
    await expectFitForEverybody(stage, 'devices-empty', `/p/${empty.project_id}/devices`, (page) => page.getByText('No devices yet').waitFor());
  });
});
