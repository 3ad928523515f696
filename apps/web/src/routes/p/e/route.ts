import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { experimentRoute } from '../../../app/parents.js';
import { oneOfIn } from '../../../app/search.js';

export const experimentIndexRoute = createRoute({
  getParentRoute: () => experimentRoute,
  path: '/',
  /** `by`: what the lane's bars are laid out by; time, unless it says number. */
  validateSearch: (search): { by?: 'number' | undefined } => ({ by: oneOfIn(search, 'by', ['number']) }),
  component: lazyRouteComponent(() => import('./page.js')),
});
