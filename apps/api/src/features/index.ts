import type { Implementation } from '../http/implement.js';
import { authRoutes } from './auth/routes.js';
import { deviceRoutes } from './devices/routes.js';
import { experimentRoutes } from './experiments/routes.js';
import { jobRoutes } from './jobs/routes.js';
import { projectRoutes } from './projects/routes.js';
import { userRoutes } from './users/routes.js';

export { transfers } from './transfers/routes.js';

/** Every operation this server has. What is not listed here does not exist for its clients. */
export const implementations: readonly Implementation[] = [experimentRoutes, jobRoutes, deviceRoutes, projectRoutes, authRoutes, userRoutes];
