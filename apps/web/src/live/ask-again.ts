import type { Query } from '@tanstack/react-query';
import type { ProjectChange } from '@vergeai/sdk';
import { queryClient } from '../api/query-client.js';
import { currentConnection } from './connection.js';
import { tellsOf } from './tells-of.js';

/** How often what is on the screen is asked for again where nobody tells what has changed. */
const UNTOLD_MS = 4_000;
/** And where somebody does: hints may be lost, and that a device has gone silent is told by nobody. */
const TOLD_MS = 30_000;
/** What changes at about the same time is asked for once. */
const JOINED_MS = 250;
/** A list of which more pages than this have been read is left as it is: all of them would be read again. */
const MOST_PAGES = 3;
/** What does not change while somebody looks at it. */
const STEADY: ReadonlySet<unknown> = new Set(['auth.whoami', 'project.list']);

const mayAsk = () => document.visibilityState === 'visible' && currentConnection().state === 'here';

/** Asks again for all that is on the screen. */
export const askForAll = (): void => {
  if (mayAsk()) void queryClient.invalidateQueries({ type: 'active', predicate: isWorthIt }, { cancelRefetch: false });
};

/** What of a project has changed is asked for again, as far as it is on the screen and somebody looks. */
export function askForChanged(project_id: string) {
  const due = new Set<Query>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const askForDue = () => {
    timer = undefined;
    // Who comes back asks for all.
    if (!mayAsk()) return due.clear();
    for (const query of due) {
      // What is on its way may be from before the change: it is asked for once more when it is here.
      if (query.state.fetchStatus === 'fetching') continue;
      due.delete(query);
      void queryClient.refetchQueries({ type: 'active', predicate: (each) => each === query });
    }
    if (due.size > 0) timer = setTimeout(askForDue, JOINED_MS);
  };
  return {
    hear(change: ProjectChange): void {
      const predicate = (query: Query) => tellsOf(query.queryKey, project_id, change);
      void queryClient.invalidateQueries({ predicate, refetchType: 'none' });
      for (const query of queryClient.getQueryCache().findAll({ type: 'active', predicate })) if (isWorthIt(query)) due.add(query);
      if (due.size > 0) timer ??= setTimeout(askForDue, JOINED_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * Keeps what is on the screen true by asking now and then, as long as somebody looks at it and the server answers. Returns what
 * ends that.
 */
export function askNowAndThen(isTold: () => boolean): () => void {
  let askedAt = Date.now();
  const ask = () => {
    askedAt = Date.now();
    askForAll();
  };
  const timer = setInterval(() => {
    if (!isTold() || Date.now() - askedAt >= TOLD_MS) ask();
  }, UNTOLD_MS);
  document.addEventListener('visibilitychange', ask);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', ask);
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
