import { JobKind } from '@vergeai/domain';
import { Refusal } from '../refusal.js';

/** Why a job has no model: it has not completed, or never makes one. */
export const noModelOf = (kind: JobKind): Refusal =>
  kind === JobKind.EVALUATE ? new Refusal('job_not_complete', 'The job evaluates a model, and makes none.') : new Refusal('job_not_complete');
