import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundledForBrowsers, findChromium, launchChromium, packedApp, startServer, type PackedApp, type RunningServer } from '@vergeai/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobWith, newExperiment, newJob } from './support.js';
import { encodeModel } from '../src/index.js';

const executablePath = findChromium();

/** What a page does that has installed the packed tarballs and TensorFlow.js. */
const script = `
  import '@tensorflow/tfjs-backend-cpu';
  import { tensor2d, train } from '@tensorflow/tfjs-core';
  import { layers, sequential } from '@tensorflow/tfjs-layers';
  import { VergeAI } from '@vergeai/sdk';
  import { createWorker } from '@vergeai/worker';
  import { applyState, toState } from '@vergeai/worker/tfjs';

  const network = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
  network.compile({ optimizer: train.sgd(0.2), loss: 'meanSquaredError' });
  const inputs = [[0, 0], [0, 1], [1, 0], [1, 1]];

  globalThis.trainHere = async ({ baseUrl, apiKey, projectId, maxJobs }) => {
    const errors = [];
    const worker = createWorker({
      client: new VergeAI({ baseUrl, apiKey }),
      projectId,
      async train({ model, report }) {
        applyState(network, model);
        const { history } = await network.fit(tensor2d(inputs), tensor2d(inputs.map(([x, y]) => [3 * x - 2 * y + 1])), { epochs: 60, verbose: 0 });
        report({ loss: history.loss.at(-1) });
        return { model: await toState(network), numExamples: inputs.length };
      },
      onError: (error) => errors.push(String(error)),
    });
    return { submitted: await worker.run({ maxJobs }), errors };
  };`;

describe.skipIf(executablePath === undefined)('a page in Chromium, bundled from the packed tarballs', () => {
  let app: PackedApp;
  let api: RunningServer;
  let pages: Server;
  beforeAll(async () => {
    app = await packedApp('domain', 'sdk', 'worker');
    for (const name of ['backend-cpu', 'core', 'layers']) await app.link(`@tensorflow/tfjs-${name}`, import.meta.url);
    const { code } = await bundledForBrowsers(app.folder, script);
    pages = createServer(({ url }, res) => {
      res.setHeader('Content-Type', url === '/page.js' ? 'text/javascript' : 'text/html');
      res.end(url === '/page.js' ? code : '<!doctype html><title>A device</title><link rel="icon" href="data:,"><script type="module" src="page.js"></script>');
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    api = await startServer({ env: { CORS_ORIGINS: origin() } });
  }, 120_000);
  afterAll(async () => {
    await api?.stop();
    await new Promise((resolve) => pages?.close(resolve));
    await app?.[Symbol.asyncDispose]();
  });
  const origin = () => `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;

  it('trains a TensorFlow.js network as a device, round by round', { timeout: 120_000 }, async () => {
    const start = new Map([
      ['0.kernel', { dtype: 'F32', shape: [2, 1], data: Float32Array.of(0, 0) }],
      ['0.bias', { dtype: 'F32', shape: [1], data: Float32Array.of(0) }],
    ] as const);
    const experiment = await newExperiment(api.url, 1, encodeModel(start, 'safetensors'));
    const jobs = [await newJob(experiment), await newJob(experiment), await newJob(experiment)];

    const browser = await launchChromium(executablePath!);
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(origin());
      await page.waitForFunction('globalThis.trainHere');
      const given = JSON.stringify({ baseUrl: api.url, apiKey: experiment.devices[0]!.key, projectId: experiment.ids.project_id, maxJobs: jobs.length });
      expect(await page.evaluate(`trainHere(${given})`)).toEqual({ submitted: 3, errors: [] });
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
    for (const job of jobs) await jobWith(experiment, job, 'COMPLETED');
    const losses: number[] = [];
    for await (const { mean } of experiment.admin.Experiment.metrics(experiment.ids)) losses.unshift(mean['loss']!);
    expect(losses).toHaveLength(3);
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(losses[2]).toBeLessThan(0.1);
  });
});
