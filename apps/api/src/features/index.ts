import type { Contract } from '@vergeai/contract';
import type { Implementation } from '../http/implement.js';
import { authRoutes } from './auth/routes.js';
import { deviceRoutes } from './devices/routes.js';
import { experimentRoutes } from './experiments/routes.js';
import { jobRoutes } from './jobs/routes.js';
import { projectRoutes } from './projects/routes.js';
import { sweepRoutes } from './sweeps/routes.js';
import { userRoutes } from './users/routes.js';

export { transfers } from './transfers/routes.js';

/** Every operation of the contract: a resource left out does not compile, nor does an operation of one. */
const resources = {
  experiment: experimentRoutes,
  job: jobRoutes,
  sweep: sweepRoutes,
  device: deviceRoutes,
  project: projectRoutes,
  auth: authRoutes,
  user: userRoutes,
} as const satisfies { readonly [R in keyof Contract]: Implementation<R> };

export const implementations: readonly Implementation[] = Object.values(resources);
