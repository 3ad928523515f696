// Many devices in one process. Each has digits, a key and connections of its own, and does all that a device does.
import { readFile } from 'node:fs/promises';
import { VergeAI } from '@vergeai/sdk';
import { createWorker, memoryCache, type Model } from '@vergeai/worker';
import { digitsFromBytes, PIXELS } from '../digits/digits.js';
import { seedOf } from '../random.js';
import { digitsUnder, examplesUnder, spoil } from '../simulation/attack.js';
import { Perceptron } from '../simulation/perceptron.js';
import { trainPerceptron, type Hyperparameters } from '../simulation/train-perceptron.js';
import type { FleetNews, FleetSetup } from './messages.js';
import { receiveSetup } from './receive-setup.js';

const setup = await receiveSetup<FleetSetup>();
const all = digitsFromBytes(await readFile(setup.digitsFile));
const tell = (news: FleetNews) => process.send!(news);
const copyOf = (model: Model): Model => new Map([...model].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));

const workers = setup.devices.map(({ shard, key, from, to, attack }) => {
  const digits = digitsUnder(attack, { labels: all.labels.subarray(from, to), pixels: all.pixels.subarray(from * PIXELS, to * PIXELS) });
  return createWorker({
    client: new VergeAI({ apiKey: key, baseUrl: setup.url }),
    projectId: setup.projectId,
    // Each fetches every model by itself, as devices that are apart do.
    cache: memoryCache(0),
    measureLoss: ({ model }) => new Perceptron(model).judge(digits).loss,
    async train({ model, hyperparameters, proximalMu, job, signal }) {
      const { sequence } = job;
      const given = hyperparameters as unknown as Hyperparameters;
      const start = attack ? copyOf(model) : model;
      const loss = await trainPerceptron(model, digits, given, { shard, sequence }, proximalMu, signal);
      spoil(attack, model, start, seedOf(given.seed, 14, shard, sequence));
      tell({ sequence, sending: true });
      return { model, numExamples: examplesUnder(attack, digits.labels.length), metrics: { loss } };
    },
    onEnd: ({ sequence }, outcome) => outcome === 'submitted' && tell({ sequence, sending: false }),
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  });
});

await Promise.all(workers.map((worker) => worker.run()));
