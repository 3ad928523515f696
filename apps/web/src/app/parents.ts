import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Root } from './root.js';

/** Around everything. */
export const rootRoute = createRootRoute({ component: Root });

/** Around every page that somebody who is signed in sees. Its URL is empty. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'in',
  component: lazyRouteComponent(() => import('./shell/shell.js'), 'Shell'),
});

/** Around every page of a project: /p/:project */
export const projectRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: 'p/$project',
  component: lazyRouteComponent(() => import('./shell/project-frame.js'), 'ProjectFrame'),
});

/** Around every page of an experiment: /p/:project/e/:experiment */
export const experimentRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'e/$experiment',
  component: lazyRouteComponent(() => import('./shell/experiment-frame.js'), 'ExperimentFrame'),
});
