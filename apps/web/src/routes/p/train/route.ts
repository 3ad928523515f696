import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { projectRoute } from '../../../app/parents.js';
import { textIn } from '../../../app/search.js';

export const trainRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'train',
  validateSearch: (search: Record<string, unknown>): { experiment?: string } => {
    const experiment = textIn(search, 'experiment');
    return experiment === undefined ? {} : { experiment };
  },
  component: lazyRouteComponent(() => import('./page.js')),
});
