import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Device, type Lab } from '../support/lab.js';
import { expectAccessible } from '../support/accessible.js';

describeInBrowser('pages that stay open', (stage) => {
  let lab: Lab;
  let device: Device;
  let experiment = '';
  const path = (more = '') => `/p/${lab.project_id}/e/${experiment}${more}`;

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    device = await lab.device('Ada');
    experiment = await lab.experiment('Baseline');
  });

  it('follow what happens, without being loaded again', async () => {
    const page = await stage.openSignedIn(path());
    await page.getByText('No job yet. A job draws').waitFor();
    await trainOnce(lab, experiment, device, { loss: 0.5 });
    await page.getByRole('link', { name: /^Job 1, completed, 1 of 1 updates/ }).waitFor();
  });

  it('keep what they show while the server is away, say so, and catch up by themselves', async () => {
    const page = await stage.openSignedIn(path('/j/1'));
    const list = await stage.openBeside(page, `/p/${lab.project_id}/experiments`);
    await list.getByText('1 experiment', { exact: true }).waitFor();
    await page.bringToFront();
    await page.getByText('Completed').waitFor();
    await stage.killServer();
    await page.getByText(/^Not connected since \d\d:\d\d:\d\d/).waitFor({ timeout: 30_000 });
    expect(await page.getByText('Completed').count()).toBe(1);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText(/^Not connected since .* Next try in \d+ s/).waitFor();
    await stage.restartServer();
    await lab.experiment('Made meanwhile');
    await page.getByText(/^Not connected since/).waitFor({ state: 'detached', timeout: 45_000 });
    await list.bringToFront();
    await list.getByText('2 experiments', { exact: true }).waitFor({ timeout: 45_000 });
    await list.getByText(/^Not connected since/).waitFor({ state: 'detached', timeout: 45_000 });
  });
});
