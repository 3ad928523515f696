import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { projectRoute } from '../../../app/parents.js';
import { readComparison } from './search.js';

export const compareRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'compare',
  validateSearch: readComparison,
  component: lazyRouteComponent(() => import('./page.js')),
});
