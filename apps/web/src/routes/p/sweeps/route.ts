import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { projectRoute } from '../../../app/parents.js';

export const sweepsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'sweeps',
  component: lazyRouteComponent(() => import('./page.js')),
});
