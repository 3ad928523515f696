import { mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ADMIN_KEY } from '@vergeai/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { expectAccessible } from '../support/accessible.js';
import { describeInBrowser } from '../support/browser.js';
import { openLab, trainOnce, type Lab } from '../support/lab.js';

const PICTURES = process.env['PICTURES'];
const NONE = '0'.repeat(32);
const BROKEN = 'Something went wrong at the server <b>.';

interface Fault {
  /** Where the page is; `P`, `E` and `S` are a project, an experiment and a sweep. */
  readonly path: string;
  /** The operation that fails, as the API's URL has it. */
  readonly fails: string;
  /** What somebody does until it does. */
  readonly act?: (page: Page) => Promise<unknown>;
}

/** Every page, by the folder that it is in. */
const faults: Readonly<Record<string, Fault>> = {
  'sign-in': {
    path: '/sign-in',
    fails: 'auth/create_session',
    async act(page) {
      await page.getByLabel('API key').fill(ADMIN_KEY);
      await page.getByRole('button', { name: 'Sign in' }).click();
    },
  },
  projects: { path: '/', fails: 'project/list' },
  keys: { path: '/keys', fails: 'auth/list' },
  start: { path: '/start?project=P&experiment=E', fails: 'experiment/describe' },
  p: { path: '/p/P', fails: 'project/overview' },
  'p/experiments': { path: '/p/P/experiments', fails: 'experiment/list' },
  'p/compare': { path: `/p/P/compare?ids=E,${NONE}`, fails: 'project/compare' },
  'p/new': { path: '/p/P/new?fork=E', fails: 'experiment/list' },
  'p/sweeps': { path: '/p/P/sweeps', fails: 'sweep/list' },
  'p/sweeps/new': { path: '/p/P/sweeps/new', fails: 'experiment/list' },
  'p/s': { path: '/p/P/s/S', fails: 'sweep/describe' },
  'p/train': { path: '/p/P/train?experiment=E', fails: 'experiment/describe' },
  'p/devices': { path: '/p/P/devices', fails: 'device/list' },
  'p/members': { path: '/p/P/members', fails: 'project/members' },
  'p/settings': { path: '/p/P/settings', fails: 'project/overview' },
  'p/e': { path: '/p/P/e/E', fails: 'job/list' },
  'p/e/j': { path: '/p/P/e/E/j/1', fails: 'job/describe' },
  'p/e/metrics': { path: '/p/P/e/E/metrics', fails: 'experiment/metric_series' },
  'p/e/models': { path: '/p/P/e/E/models', fails: 'experiment/lineage' },
  'p/e/log': { path: '/p/P/e/E/log', fails: 'experiment/events' },
};

describeInBrowser('what a page shows when the server fails', (stage) => {
  let lab: Lab;
  let ids: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    lab = await openLab(stage.server, 'Digits');
    const { project_id } = lab;
    const experiment_id = await lab.experiment('Baseline', { hyperparameters: { lr: 0.5 } });
    await trainOnce(lab, experiment_id, await lab.device('Ada'), { loss: 0.5 });
    const { sweep_id } = (await lab.api.Sweep.create({ project_id, experiment_id, hyperparameters: { lr: { values: [1, 2] } }, method: 'grid', num_jobs: 1, job: { num_devices: 1 }, metric: 'loss', mode: 'min' })).body;
    ids = { P: project_id, E: experiment_id, S: sweep_id };
  });

  it('is looked at for every page that there is', () => {
    const routes = fileURLToPath(new URL('../../src/routes', import.meta.url));
    const folders = readdirSync(routes, { recursive: true, encoding: 'utf8' }).flatMap((file) => (file.endsWith('/page.tsx') ? [file.slice(0, -'/page.tsx'.length)] : []));
    expect(Object.keys(faults).sort()).toEqual(folders.sort());
  });

  it.each(Object.entries(faults))('can be read by everybody: %s', async (name, { path, fails, act }) => {
    const url = path.replaceAll(/\b[PES]\b/g, (letter) => ids[letter]!);
    for (const look of [{ colorScheme: 'light', width: 1280 }, { colorScheme: 'dark', width: 320, height: 700 }] as const) {
      const page = await (name === 'sign-in' ? stage.open('/sign-in', look) : stage.openSignedIn('/keys', look));
      await page.route(new RegExp(`/v1/${fails}\\b`), (route) =>
        route.fulfill({ status: 500, contentType: 'application/problem+json', json: { type: 'about:blank', title: 'Internal Server Error', status: 500, code: 'internal_error', detail: BROKEN, request_id: 'a1b2c3' } }),
      );
      await page.goto(stage.server.url + url);
      await act?.(page);
      await page.getByText(BROKEN).first().waitFor();
      // Whoever runs the server finds it by this.
      await page.getByText('a1b2c3').first().waitFor();
      if (PICTURES !== undefined) {
        mkdirSync(PICTURES, { recursive: true });
        await page.screenshot({ path: `${PICTURES}/error-${name.replaceAll('/', '-')}-${look.width}.png` });
      }
      await expectAccessible(page);
      await page.close();
    }
  });
});
