import type { Transaction } from '@vergeai/db';
import { Refusal } from '../refusal.js';
import { noModelOf } from './no-model-of.js';

interface WithModels {
  readonly id: string;
  readonly startModelId: string | null;
  readonly currentModelId: string | null;
  readonly bestJobId: string | null;
}

/**
 * The id of a model of an experiment: 'start', 'current', 'best', or the id of the job that made it. Throws a Refusal:
 * `start_model_missing`, `best_model_missing`, `job_not_found`, `job_not_complete`.
 */
export async function whichModel(db: Pick<Transaction, 'job'>, experiment: WithModels, which: string): Promise<string> {
  if (!experiment.startModelId) throw new Refusal('start_model_missing');
  if (which === 'start') return experiment.startModelId;
  if (which === 'current') return experiment.currentModelId!;
  if (which === 'best' && experiment.bestJobId === null) throw new Refusal('best_model_missing');
  const job = await db.job.findFirst({ where: { id: which === 'best' ? experiment.bestJobId! : which, experimentId: experiment.id }, select: { kind: true, aggregateModelId: true } });
  if (!job) throw new Refusal('job_not_found', 'There is no such job in this experiment.');
  if (!job.aggregateModelId) throw noModelOf(job.kind);
  return job.aggregateModelId;
}
