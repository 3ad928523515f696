import type { Query } from '@tanstack/react-query';
import { queryClient } from '../api/query-client.js';
import { currentConnection } from './connection.js';

/** How often what is on the screen is asked for again. */
const EVERY_MS = 4000;
/** A list of which more pages than this have been read is left as it is: all of them would be read again. */
const MOST_PAGES = 3;
/** What does not change while somebody looks at it. */
const STEADY: ReadonlySet<unknown> = new Set(['auth.whoami', 'project.list']);

/** Keeps what is on the screen true, as long as somebody looks at it and the server answers. Returns what ends that. */
export function askAgain(): () => void {
  const refresh = () => {
    if (document.visibilityState !== 'visible' || currentConnection().state === 'lost') return;
    void queryClient.invalidateQueries({ type: 'active', predicate: isWorthIt }, { cancelRefetch: false });
  };
  const timer = setInterval(refresh, EVERY_MS);
  document.addEventListener('visibilitychange', refresh);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', refresh);
  };
}

function isWorthIt({ queryKey, state }: Query): boolean {
  const { data } = state;
  const pages = typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages) ? data.pages.length : 1;
  // What was refused stays refused until somebody asks again.
  // A page of a log that is full stays what it is.
  const isFull = typeof data === 'object' && data !== null && 'next_after' in data && data.next_after !== null;
  return !isFull && pages <= MOST_PAGES && state.status !== 'error' && !STEADY.has(queryKey[0]);
}
