import { createRouter } from '@tanstack/react-router';
import { basePath } from '../api/base-url.js';
import { PageError } from '../ui/page-error.js';
import { NotFoundPage } from './not-found-page.js';
import { routeTree } from './route-tree.js';

export const router = createRouter({
  routeTree,
  basepath: basePath || '/',
  // A page's code is fetched when somebody is about to go there.
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: NotFoundPage,
  // Everything else on the screen stays where it is.
  defaultErrorComponent: ({ error, reset }) => (
    <PageError
      isPage
      error={error}
      again={() => {
        reset();
        void router.invalidate();
      }}
    />
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
