import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { projectRoute } from '../../../app/parents.js';
import { readDevicesSearch } from './search.js';

export const devicesRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'devices',
  validateSearch: readDevicesSearch,
  component: lazyRouteComponent(() => import('./page.js')),
});
