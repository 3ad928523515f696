import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { VergeAI } from '@vergeai/sdk';
import { inject } from 'vitest';
import { place, type Place } from './verge.js';

export interface World extends Place {
  readonly url: string;
  readonly key: string;
  readonly user_id: string;
  /** To look at what the commands did. */
  readonly client: VergeAI;
}

export interface WorldWithProject extends World {
  readonly project_id: string;
}

export interface WorldWithExperiment extends WorldWithProject {
  readonly experiment_id: string;
}

/** A user of the test's own, signed in by the environment. */
export async function world(env: Readonly<Record<string, string>> = {}): Promise<World> {
  const url = inject('url');
  const admin = new VergeAI({ apiKey: inject('key'), baseUrl: url });
  const { key, user_id } = (await admin.User.create({ user_name: 'Ada' })).body;
  const here = await place({ VERGEAI_API_KEY: key, VERGEAI_BASE_URL: url, ...env });
  return { ...here, url, key, user_id, client: new VergeAI({ apiKey: key, baseUrl: url }) };
}

/** The same in a folder that has a project. */
export async function worldWithProject(): Promise<WorldWithProject> {
  const it = await world();
  const { project_id } = (await it.client.Project.create({ project_name: 'Digits' })).body;
  await writeFile(path.join(it.folder, 'verge.json'), JSON.stringify({ project: project_id }));
  return { ...it, project_id };
}

export const MODEL = { weight: [[0.5, -1], [2, 0.25]], bias: [0, 1] };

/** The same with an experiment that has a start model. */
export async function worldWithExperiment(): Promise<WorldWithExperiment> {
  const it = await worldWithProject();
  const { project_id } = it;
  const experiment_id = (await it.client.Experiment.create({ project_id, experiment_name: 'Baseline', hyperparameters: { learning_rate: 0.01 } })).body.ID;
  await it.client.Experiment.submit_start_model({ project_id, experiment_id, model: MODEL });
  await writeFile(path.join(it.folder, 'verge.json'), JSON.stringify({ project: project_id, experiment: experiment_id }));
  return { ...it, experiment_id };
}
