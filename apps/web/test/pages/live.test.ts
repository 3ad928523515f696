import { ADMIN_KEY, eventually } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeInBrowser, type Stage } from '../support/browser.js';
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

  it('eight tabs follow one experiment by one stream; when the server is killed all say so, and all catch up, with nothing twice', { timeout: 240_000 }, async () => {
    const first = await stage.openSignedIn(path());
    await first.getByRole('link', { name: /^Job 1, completed/ }).waitFor();
    const tabs = [first];
    for (const more of ['', '', '', '', '/log', '/log', '/j/1']) tabs.push(await stage.openBeside(first, path(more)));
    const [lanes, logs] = [tabs.slice(0, 5), tabs.slice(5, 7)];
    const jobsOf = (page: Page) => page.getByRole('link', { name: /^Job \d+, / }).evaluateAll((links) => links.map((link) => /Job \d+/.exec(link.textContent)?.[0]));
    const numbersOf = (page: Page) => page.locator('tbody th').allInnerTexts();

    await eventually('one of them listens', async () => (await streams(stage)) === 1);
    await trainOnce(lab, experiment, device, { loss: 0.25 });
    for (const page of lanes) await page.getByRole('link', { name: /^Job 2, completed/ }).waitFor();
    expect(await streams(stage)).toBe(1);

    await stage.killServer();
    for (const page of tabs) await page.getByText(/^Not connected since \d\d:\d\d:\d\d/).waitFor({ timeout: 30_000 });
    await stage.restartServer();
    await trainOnce(lab, experiment, device, { loss: 0.125 });
    for (const page of tabs) await page.getByText(/^Not connected since/).waitFor({ state: 'detached', timeout: 60_000 });
    for (const page of lanes) {
      await page.getByRole('link', { name: /^Job 3, completed/ }).waitFor();
      expect(await jobsOf(page)).toEqual(['Job 3', 'Job 2', 'Job 1']);
    }
    const { data: log } = (await lab.api.Experiment.events({ project_id: lab.project_id, experiment_id: experiment, limit: 200 })).body;
    for (const page of logs) {
      await eventually('the log has caught up', async () => (await numbersOf(page)).at(-1) === String(log.length));
      const numbers = await numbersOf(page);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
    await eventually('one of them listens again', async () => (await streams(stage)) === 1);

    // Whoever has the stream goes; another one listens, and all the others hear it.
    await first.close();
    await trainOnce(lab, experiment, device, { loss: 0.06 });
    for (const page of lanes.slice(1)) await page.getByRole('link', { name: /^Job 4, completed/ }).waitFor();
    await eventually('one of the others listens', async () => (await streams(stage)) === 1);
  });
});

/** How many event streams the server has open, by its own count. */
async function streams({ server }: Stage): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`, { headers: { authorization: ADMIN_KEY } })).text();
  return Number(/^vergeai_event_streams (\d+)$/m.exec(text)![1]);
}
