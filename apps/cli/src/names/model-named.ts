import type { LinkPromise, ModelDetails } from '@vergeai/sdk';
import type { Context } from '../context/context.js';
import { Failure } from '../program/failures.js';
import { UsageError } from '../program/usage-error.js';
import { experimentIds, jobIds } from './names.js';

/** What names a model. */
export const MODEL = 'current, start, best, or job';

/** A model of the experiment, or what one of its jobs made. */
export interface NamedModel {
  /** Such as `current model` or `model of job 3`. */
  readonly called: string;
  readonly details: ModelDetails;
  /** Asks for the link; with `--curl` that is what is shown. */
  link(): LinkPromise;
}

/** Finds `current`, `start`, `best` or `job N`. @throws UsageError for another word; Failure when there is no such model yet */
export async function modelNamed(context: Context, which: string, job: string | undefined): Promise<NamedModel> {
  if (which === 'job') {
    if (job === undefined) throw new UsageError('Which job?', 'Such as: job 3, or job @last');
    const ids = await jobIds(context, job);
    const link = () => context.send('job.aggregate_model', ids);
    const { aggregate_model } = (await context.client.Job.describe(ids, context.call)).body;
    return { called: `model of job ${job}`, details: there(aggregate_model, `Job ${job} has made no model yet.`), link };
  }
  if (which !== 'current' && which !== 'start' && which !== 'best') throw new UsageError(`"${which}" is no model.`, 'Say current, start, best, or job with its number.');
  if (job !== undefined) throw new UsageError(`"${job}" is one word too many.`);
  const ids = await experimentIds(context);
  const link = () => context.send(`experiment.${which}_model`, ids);
  const body = (await context.client.Experiment.describe({ ...ids, limit: 1 }, context.call)).body;
  if (which === 'best') {
    if (!body.best_model) throw new Failure(3, 'best_model_missing', 'No model is the best one yet.', 'Choose by what: verge experiment edit --keep-best loss:min');
    const { aggregate_model } = (await context.client.Job.describe({ project_id: ids.project_id, job_id: body.best_model.job_id }, context.call)).body;
    return { called: 'best model', details: there(aggregate_model, 'The experiment has no model yet.'), link };
  }
  return { called: `${which} model`, details: there(body[`${which}_model`], 'The experiment has no model yet.'), link };
}

function there(model: ModelDetails | null, otherwise: string): ModelDetails {
  if (!model) throw new Failure(3, 'model_not_found', otherwise, 'Submit one: verge model submit FILE. Jobs make theirs: verge job list');
  return model;
}
