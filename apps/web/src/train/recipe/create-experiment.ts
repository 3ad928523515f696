import { api } from '../../api/client.js';
import type { Choice } from '../../recipes/csv/plan.js';
import type { Thread } from '../../train-worker/page/start-thread.js';

/** What an experiment is to learn. */
export type Wish = { readonly recipe: 'digits' } | { readonly recipe: 'csv'; readonly choice: Choice };

const nameOf = (wish: Wish): string => (wish.recipe === 'digits' ? 'Handwritten digits' : `${wish.choice.target}, from a table`);

/**
 * Creates the experiment that somebody wishes for, with a start model that has learnt nothing yet. Gives its id.
 * @throws TableError when the table does not do; APIError
 */
export async function createExperiment(thread: Thread, project_id: string, wish: Wish): Promise<string> {
  const { judge } = thread.roles;
  const hyperparameters = wish.recipe === 'digits' ? await judge.digits() : await judge.hyperparametersFor(wish.choice);
  await judge.open(hyperparameters);
  const model = await judge.startModel(Math.trunc(Math.random() * 2 ** 31));
  const { ID: experiment_id } = (await api.Experiment.create({ project_id, experiment_name: nameOf(wish).slice(0, 200), hyperparameters })).body;
  await api.Experiment.submit_start_model({ project_id, experiment_id, model });
  return experiment_id;
}
