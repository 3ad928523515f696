import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { projectRoute } from '../../../app/parents.js';
import { textIn } from '../../../app/search.js';

export const newExperimentRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'new',
  /** `fork`: the experiment that it begins as a fork of. */
  validateSearch: (search: Record<string, unknown>): { fork?: string | undefined } => ({ fork: textIn(search, 'fork') }),
  component: lazyRouteComponent(() => import('./page.js')),
});
