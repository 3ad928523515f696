import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/parents.js';
import { textIn } from '../../app/search.js';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'sign-in',
  /** `to` is where to go afterwards: a path of these pages. */
  validateSearch: (search): { to?: string | undefined } => {
    const to = textIn(search, 'to');
    // Not `//host`, and nothing that a browser would read as one.
    return { to: to !== undefined && /^\/(?![/\\])/.test(to) ? to : undefined };
  },
  component: lazyRouteComponent(() => import('./page.js')),
});
