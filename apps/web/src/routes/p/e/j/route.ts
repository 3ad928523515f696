import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { experimentRoute } from '../../../../app/parents.js';
import { oneOfIn } from '../../../../app/search.js';
import { standings, type Standing } from './standings.js';

export const jobRoute = createRoute({
  getParentRoute: () => experimentRoute,
  /** By its number, which people say aloud. */
  path: 'j/$number',
  /** `state`: only the devices that stand so. */
  validateSearch: (search): { state?: Standing | undefined } => ({ state: oneOfIn(search, 'state', standings) }),
  component: lazyRouteComponent(() => import('./page.js')),
});
