import { needsOf } from '@vergeai/domain';
import { strategyOf } from '../models/strategy.js';
import { Refusal } from '../refusal.js';

/** Throws a Refusal `metric_required` when the job's strategy needs a loss that the update does not come with, or that is not above 0. */
export function requireMetrics(job: Parameters<typeof strategyOf>[0], metrics: Readonly<Record<string, number>>): void {
  const { loss } = needsOf(strategyOf(job));
  if (loss === undefined || metrics[loss]! > 0) return;
  throw new Refusal('metric_required', `This job's strategy needs the metric ${JSON.stringify(loss)} of every update: the loss of the model that the device was given, above 0.`);
}
