// One device: a process of its own that has its own digits, its own key, and nothing else.
import { readFile } from 'node:fs/promises';
import { VergeAI } from '@vergeai/sdk';
import { createWorker } from '@vergeai/worker';
import { digitsFromBytes } from '../digits/digits.js';
import { trainOn, type Hyperparameters } from '../train.js';
import type { DeviceNews, DeviceSetup } from './messages.js';
import { receiveSetup } from './receive-setup.js';

const TELL_EVERY_MS = 100;

const setup = await receiveSetup<DeviceSetup>();
const digits = digitsFromBytes(await readFile(setup.shardFile));
const tell = (news: DeviceNews) => process.send!(news);

const worker = createWorker({
  client: new VergeAI({ apiKey: setup.key, baseUrl: setup.url }),
  projectId: setup.projectId,
  async train({ model, hyperparameters, job, signal, report }) {
    const { sequence } = job;
    let toldAt = 0;
    const onProgress = (done: number) => {
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      tell({ sequence, state: 'training', done });
    };
    const loss = await trainOn(model, digits, hyperparameters as unknown as Hyperparameters, { shard: setup.shard, sequence }, { signal, onProgress });
    report({ loss });
    tell({ sequence, state: 'sending', done: 1 });
    return { model, numExamples: digits.labels.length };
  },
  onEnd: ({ sequence }, outcome) => tell({ sequence, state: 'waiting', done: outcome === 'submitted' ? 1 : 0 }),
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});

await worker.run();
