import { auth } from './auth.js';
import { device } from './device.js';
import { experiment } from './experiment.js';
import { job } from './job.js';
import { project } from './project.js';
import { sweep } from './sweep.js';
import { user } from './user.js';

/** Named, so that editors show each route's own documentation through the clients derived from it. */
export interface Contract {
  readonly auth: typeof auth;
  readonly user: typeof user;
  readonly project: typeof project;
  readonly experiment: typeof experiment;
  readonly job: typeof job;
  readonly sweep: typeof sweep;
  readonly device: typeof device;
}

/**
 * Every operation of the Experiments API, v1. The server implements it and the clients are derived from it.
 * Answers that are not a success are `Problem`s, whichever the operation.
 */
export const contract: Contract = { auth, user, project, experiment, job, sweep, device };
