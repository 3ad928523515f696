// Trains a small network on handwritten digits and writes it as model.json and model.safetensors: `node train.mjs`.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readDigits, seededRandom, shuffle } from './digits.mjs';
import { toJson, toSafetensors } from './formats.mjs';
import { HYPERPARAMETERS, MODEL_FILES } from './model-files.mjs';
import { Network } from './network.mjs';

const { learning_rate, epochs, seed } = HYPERPARAMETERS;

const random = seededRandom(seed);
const { training, heldOut } = readDigits(random);
console.log(`Training on ${training.length} digits; ${heldOut.length} others are held out.`);

const network = new Network(random);
for (let epoch = 1; epoch <= epochs; epoch++) {
  shuffle(training, random);
  for (const digit of training) network.learn(digit, learning_rate);
  console.log(`epoch ${epoch}: ${percent(network.accuracy(heldOut))} of the held-out digits are right`);
}
network.round();
console.log(`with weights rounded to four decimals: ${percent(network.accuracy(heldOut))}\n`);

await write(MODEL_FILES.json, Buffer.from(toJson(network.tensors())));
await write(MODEL_FILES.safetensors, toSafetensors(network.tensors()));
console.log('\nNext: start the server and run `node run.mjs`.');

function percent(/** @type {number} */ share) {
  return `${(share * 100).toFixed(1)} %`;
}

async function write(/** @type {string} */ file, /** @type {Buffer} */ bytes) {
  await writeFile(file, bytes);
  console.log(`Wrote ${path.basename(file)} (${bytes.length.toLocaleString('en')} bytes).`);
}
