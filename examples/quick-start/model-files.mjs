// What train.mjs makes and run.mjs sends.
import { fileURLToPath } from 'node:url';
import { HIDDEN } from './network.mjs';

/** How the network is trained; sent along with the experiment, so that it says where its model came from. */
export const HYPERPARAMETERS = { learning_rate: 0.01, epochs: 3, seed: 7, hidden_units: HIDDEN };

/** Both hold the same numbers, in the two formats that the API takes. */
export const MODEL_FILES = {
  json: fileURLToPath(new URL('model.json', import.meta.url)),
  safetensors: fileURLToPath(new URL('model.safetensors', import.meta.url)),
};
