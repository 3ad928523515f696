import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { projectRoute } from '../../../../app/parents.js';
import { textIn } from '../../../../app/search.js';

export const newSweepRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'sweeps/new',
  /** `experiment`: the one that is forked. */
  validateSearch: (search: Record<string, unknown>): { experiment?: string | undefined } => ({ experiment: textIn(search, 'experiment') }),
  component: lazyRouteComponent(() => import('./page.js')),
});
