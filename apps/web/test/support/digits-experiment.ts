import type { VergeAI } from '@vergeai/sdk';
import { encodeModel } from '@vergeai/worker';
import { makeDigits } from '../../build/make-digits.js';
import { digitsSettings, openDigits } from '../../src/recipes/digits/open-digits.js';

export interface MadeExperiment {
  readonly project_id: string;
  readonly experiment_id: string;
}

/** A project with an experiment about digits, as the page makes it; with many epochs a job takes as long as a test needs. */
export async function digitsExperiment(api: VergeAI, name: string, epochs: number = digitsSettings.epochs): Promise<MadeExperiment> {
  const { project_id } = (await api.Project.create({ project_name: name })).body;
  const { ID: experiment_id } = (await api.Experiment.create({ project_id, experiment_name: name, hyperparameters: { ...digitsSettings, epochs } })).body;
  await api.Experiment.submit_start_model({ project_id, experiment_id, model: encodeModel(openDigits(makeDigits()).startModel(1), 'safetensors') });
  return { project_id, experiment_id };
}
