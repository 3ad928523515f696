import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { experimentRoute } from '../../../../app/parents.js';
import { searchOfMetrics } from './search.js';

export const metricsRoute = createRoute({
  getParentRoute: () => experimentRoute,
  path: 'metrics',
  validateSearch: searchOfMetrics,
  component: lazyRouteComponent(() => import('./page.js')),
});
