import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { experimentRoute } from '../../../../app/parents.js';

export const logRoute = createRoute({
  getParentRoute: () => experimentRoute,
  path: 'log',
  component: lazyRouteComponent(() => import('./page.js')),
});
