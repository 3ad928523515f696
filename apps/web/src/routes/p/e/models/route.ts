import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { experimentRoute } from '../../../../app/parents.js';
import { textIn } from '../../../../app/search.js';

export const modelsRoute = createRoute({
  getParentRoute: () => experimentRoute,
  path: 'models',
  /** `model`: "start" or the id of a job, the model that is shown in full; the current one when left out. */
  validateSearch: (search): { model?: string | undefined } => ({ model: textIn(search, 'model') }),
  component: lazyRouteComponent(() => import('./page.js')),
});
