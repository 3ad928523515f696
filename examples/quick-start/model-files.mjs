// What train.mjs makes and run.mjs sends.

/** How the network is trained; sent along with the experiment, so that it says where its model came from. */
export const HYPERPARAMETERS = { learning_rate: 0.01, epochs: 3, seed: 7, hidden_units: 64 };

/** Beside these scripts, wherever they are started from. */
export const MODEL_FILES = { json: 'model.json', safetensors: 'model.safetensors' };
