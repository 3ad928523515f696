// The same training without the others, for comparison: as many epochs, on one shard.
import { readFile, writeFile } from 'node:fs/promises';
import { decodeModel, encodeModel } from '@vergeai/worker';
import { digitsFromBytes } from '../digits/digits.js';
import { trainOn } from '../train.js';
import type { AloneSetup } from './messages.js';
import { receiveSetup } from './receive-setup.js';

const setup = await receiveSetup<AloneSetup>();
const digits = digitsFromBytes(await readFile(setup.shardFile));
const model = decodeModel(await readFile(setup.modelFile));
const { signal } = new AbortController();
for (let sequence = 1; sequence <= setup.jobs; sequence++) {
  await trainOn(model, digits, setup.hyperparameters, { shard: setup.shard, sequence }, { signal, onProgress: () => {} });
}
await writeFile(setup.trainedFile, encodeModel(model, 'safetensors'));
