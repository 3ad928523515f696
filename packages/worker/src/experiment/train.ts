import { VergeAI, type ModelInput } from '@vergeai/sdk';
import { decodeModel } from '../model/decode-model.js';
import { encodeModel } from '../model/encode-model.js';
import type { Model } from '../model/model.js';
import type { ResumeOptions, Trained, TrainOptions } from './options.js';
import { trainRounds } from './train-rounds.js';

/** A device that was drawn and is not there makes room for this one after so long. */
const OTHERS_MAY_TAKE_SEC = 1;

/** So many jobs are created by one request. */
const LONGEST_SERIES = 100;

/**
 * Trains a model here, round by round, and gives it back: one call that creates the experiment, submits the model, trains, and
 * stores what each round made, with its numbers. `model` may be anything that `submit_start_model` takes, or a Model.
 *
 * @throws what the training function throws, JobFailed or JobCancelled when a round was ended from outside, the reason of an
 * aborted `signal`, and what the client throws. The rounds that are left are cancelled then; the experiment stays.
 * @example
 * const { model } = await Experiment.train(start, {
 *   rounds: 10,
 *   hyperparameters: { learning_rate: 0.01 },
 *   async train({ model, hyperparameters, report }) {
 *     report({ loss: await step(floats(model, 'weight'), hyperparameters.learning_rate) });
 *     return { model };
 *   },
 * });
 */
export async function train(model: Model | ModelInput, options: TrainOptions): Promise<Trained> {
  const { client = new VergeAI(), signal } = options;
  requireRounds(options);
  const call = { signal };
  const project_id = options.projectId ?? (await client.Project.create({ project_name: options.name ?? 'Training' }, call)).body.project_id;
  const created = await client.Experiment.create({ project_id, hyperparameters: { ...options.hyperparameters }, experiment_name: options.name }, call);
  const ids = { project_id, experiment_id: created.body.ID };
  await client.Experiment.submit_start_model({ ...ids, model: isModel(model) ? encodeModel(model, 'safetensors') : model, block: true }, call);
  return trainHere({ ...options, client, ids });
}

/**
 * Trains more rounds of an experiment that is there, from where it is, and gives back the model as the last of them left it.
 *
 * @throws what `train` throws
 * @example const { model } = await Experiment.resume({ projectId: project_id, experimentId: experiment_id, rounds: 10, train });
 */
export async function resume({ projectId, experimentId, client = new VergeAI(), ...options }: ResumeOptions): Promise<Trained> {
  requireRounds(options);
  return trainHere({ ...options, client, ids: { project_id: projectId, experiment_id: experimentId } });
}

interface Here extends Omit<ResumeOptions, 'projectId' | 'experimentId'> {
  readonly client: VergeAI;
  readonly ids: { readonly project_id: string; readonly experiment_id: string };
}

/** By a device that is there as long as it takes. */
async function trainHere({ rounds = 1, ...options }: Here): Promise<Trained> {
  const { client, ids, signal } = options;
  const { project_id } = ids;
  const call = { signal };
  const device = await client.Device.create({ project_id }, call);
  const { device_id, device_api_key } = device.body;
  const jobs: string[] = [];
  try {
    while (jobs.length < rounds) {
      const series = { num_devices: 1, device_timeout_sec: OTHERS_MAY_TAKE_SEC, count: Math.min(rounds - jobs.length, LONGEST_SERIES) };
      jobs.push(...(await client.Job.create_series({ ...ids, ...series }, call)).body.job_ids);
    }
    const metrics = await trainRounds({ ...options, jobs, device: client.withOptions({ apiKey: device_api_key }) });
    return { ...ids, metrics, model: decodeModel(await client.Experiment.current_model(ids, call).bytes()) };
  } finally {
    await client.Device.delete({ project_id, device_id }).catch(() => {});
  }
}

function requireRounds({ rounds = 1 }: Pick<ResumeOptions, 'rounds'>): void {
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new RangeError(`rounds must be a whole number, 1 or more, not ${rounds}.`);
}

const isModel = (model: Model | ModelInput): model is Model => {
  const [tensor] = model instanceof Map ? (model.values() as Iterable<unknown>) : [];
  return typeof tensor === 'object' && tensor !== null && 'data' in tensor && 'shape' in tensor;
};
