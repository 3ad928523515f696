import { keysRoute } from '../routes/keys/route.js';
import { compareRoute } from '../routes/p/compare/route.js';
import { devicesRoute } from '../routes/p/devices/route.js';
import { jobRoute } from '../routes/p/e/j/route.js';
import { logRoute } from '../routes/p/e/log/route.js';
import { metricsRoute } from '../routes/p/e/metrics/route.js';
import { modelsRoute } from '../routes/p/e/models/route.js';
import { experimentIndexRoute } from '../routes/p/e/route.js';
import { experimentsRoute } from '../routes/p/experiments/route.js';
import { membersRoute } from '../routes/p/members/route.js';
import { newExperimentRoute } from '../routes/p/new/route.js';
import { projectIndexRoute } from '../routes/p/route.js';
import { sweepRoute } from '../routes/p/s/route.js';
import { settingsRoute } from '../routes/p/settings/route.js';
import { newSweepRoute } from '../routes/p/sweeps/new/route.js';
import { sweepsRoute } from '../routes/p/sweeps/route.js';
import { trainRoute } from '../routes/p/train/route.js';
import { projectsRoute } from '../routes/projects/route.js';
import { signInRoute } from '../routes/sign-in/route.js';
import { startRoute } from '../routes/start/route.js';
import { experimentRoute, projectRoute, rootRoute, shellRoute } from './parents.js';

/** Every page. A new one is a folder in routes/ and a line here. */
export const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    projectsRoute,
    keysRoute,
    startRoute,
    projectRoute.addChildren([
      projectIndexRoute,
      experimentsRoute,
      compareRoute,
      newExperimentRoute,
      experimentRoute.addChildren([
        experimentIndexRoute,
        jobRoute,
        metricsRoute,
        modelsRoute,
        logRoute,
      ]),
      sweepsRoute,
      newSweepRoute,
      sweepRoute,
      trainRoute,
      devicesRoute,
      membersRoute,
      settingsRoute,
    ]),
  ]),
]);
