import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { projectRoute } from '../../../app/parents.js';
import { readSearch } from './search.js';

export const experimentsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'experiments',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./page.js')),
});
