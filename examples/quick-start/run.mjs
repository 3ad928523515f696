// Creates experiments on a running server, submits a trained model to them and reads it back: `node run.mjs`.
import { AuthenticationError, ConnectionError, VergeAI, VergeAIError } from '@vergeai/sdk';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HYPERPARAMETERS, MODEL_FILES } from './model-files.mjs';

/** Where `npm start` keeps the key of a server on this machine. */
const ADMIN_KEY_FILE = new URL('../../data/admin-key', import.meta.url);

async function main() {
  for (const file of Object.values(MODEL_FILES)) {
    if (!existsSync(file)) throw new Hint(`There is no ${path.basename(file)} yet. Train it first: node train.mjs`);
  }
  const vergeai = new VergeAI({ apiKey: await findKey() });

  say(`A project on ${vergeai.baseUrl}`);
  const { project_id } = (await createProject(vergeai)).body;
  show('Project.create', { project_id });

  say('An experiment, and its start model as a dictionary');
  const dictionary = JSON.parse(await readFile(MODEL_FILES.json, 'utf8'));
  await createAndSubmit(vergeai, project_id, dictionary, MODEL_FILES.json);

  say('Another one, and the same model as a safetensors file');
  await createAndSubmit(vergeai, project_id, MODEL_FILES.safetensors, MODEL_FILES.safetensors);
}

/**
 * @param {VergeAI} vergeai
 * @param {string} project_id
 * @param {import('@vergeai/sdk').ModelInput} model a dictionary, or the path of a file, which is streamed
 * @param {string} file what the model must come back as
 */
async function createAndSubmit(vergeai, project_id, model, file) {
  const created = await vergeai.Experiment.create({ project_id, hyperparameters: HYPERPARAMETERS });
  show('Experiment.create', created);
  const experiment_id = created.body.ID;

  show('Experiment.submit_start_model', await vergeai.Experiment.submit_start_model({ project_id, experiment_id, model, block: true }));
  show('Experiment.get', await vergeai.Experiment.get({ project_id, experiment_id }));

  const downloaded = await vergeai.Experiment.start_model({ project_id, experiment_id }).bytes();
  const sent = await readFile(file);
  if (!sent.equals(downloaded)) throw new Error(`What came back is not ${path.basename(file)}.`);
  console.log(`Downloaded ${downloaded.length.toLocaleString('en')} bytes: byte for byte ${path.basename(file)}.`);
}

/** @param {VergeAI} vergeai */
async function createProject(vergeai) {
  try {
    return await vergeai.Project.create({ project_name: 'Quick start' }, { maxRetries: 0 });
  } catch (error) {
    if (error instanceof ConnectionError)
      throw new Hint(`There is no server at ${vergeai.baseUrl}. Start one with \`npm start\` in the repository's folder, or set VERGEAI_BASE_URL.`);
    if (error instanceof AuthenticationError) throw new Hint(`The server at ${vergeai.baseUrl} does not know this key. Set VERGEAI_API_KEY to the one it printed when it started.`);
    throw error;
  }
}

async function findKey() {
  const kept = process.env['VERGEAI_API_KEY'] ?? (await readFile(ADMIN_KEY_FILE, 'utf8').catch(() => ''));
  if (kept.trim() === '')
    throw new Hint("There is no API key. Start a server with `npm start` in the repository's folder, or set VERGEAI_API_KEY to the key of another one.");
  return kept.trim();
}

/** Something to be told to the person, without a stack. */
class Hint extends Error {}

/** @param {string} title */
function say(title) {
  console.log(`\n── ${title}`);
}

/**
 * @param {string} call
 * @param {object} answer
 */
function show(call, answer) {
  console.log(`${call} →`);
  console.dir(answer, { depth: null });
}

main().catch((error) => {
  console.error(error instanceof Hint || error instanceof VergeAIError ? error.message : error);
  process.exitCode = 1;
});
