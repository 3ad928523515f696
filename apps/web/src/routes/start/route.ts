import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../app/parents.js';
import { textIn } from '../../app/search.js';

export const startRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: 'start',
  validateSearch: (search: Record<string, unknown>): { project?: string; experiment?: string } => {
    const [project, experiment] = [textIn(search, 'project'), textIn(search, 'experiment')];
    return { ...(project !== undefined && { project }), ...(project !== undefined && experiment !== undefined && { experiment }) };
  },
  component: lazyRouteComponent(() => import('./page.js')),
});
