import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { projectRoute } from '../../../app/parents.js';

/** One sweep: /p/:project/s/:sweep */
export const sweepRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 's/$sweep',
  component: lazyRouteComponent(() => import('./page.js')),
});
