import { APIError, ConnectionError, TimeoutError } from '@vergeai/sdk';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { noteFailure } from './session.js';

/** What a page has asked is asked again only when something tells that it has changed: see live/. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteFailure }),
  mutationCache: new MutationCache({ onError: noteFailure }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 5 * 60_000,
      // The client of the API has tried again already.
      retry: false,
      // Also where the browser takes itself for offline: the server may be on this machine.
      networkMode: 'always',
      throwOnError: false,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Whether the server was not reached, rather than that it refused. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof ConnectionError || error instanceof TimeoutError || (error instanceof APIError && [502, 503, 504].includes(error.statusCode));
