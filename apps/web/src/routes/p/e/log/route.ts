import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { experimentRoute } from '../../../../app/parents.js';
import { readLogSearch } from './search.js';

export const logRoute = createRoute({
  getParentRoute: () => experimentRoute,
  path: 'log',
  validateSearch: readLogSearch,
  component: lazyRouteComponent(() => import('./page.js')),
});
