import { APIError } from '@vergeai/sdk';
import { api } from '../api/client.js';
import { isUnreachable, queryClient } from '../api/query-client.js';
import { noteVersion } from '../version/version.js';

/** Whether the server answers. Times are milliseconds since 1970. */
export type Connection = { readonly state: 'here' } | { readonly state: 'lost'; readonly since: number; readonly nextTryAt: number | undefined };

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

const listeners = new Set<() => void>();
let connection: Connection = { state: 'here' };
let tries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export const currentConnection = (): Connection => connection;

export function onConnection(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

function become(next: Connection): void {
  connection = next;
  for (const tell of listeners) tell();
}

/** Looks at every answer that a page gets, and at every one that it does not get. Returns what ends that. */
export function watchConnection(): () => void {
  const ends = queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return;
    if (event.action.type === 'error' && isUnreachable(event.action.error)) connectionIsLost();
    if (event.action.type === 'success' && connection.state === 'lost') void regain();
  });
  const retry = () => {
    if (connection.state === 'lost' && document.visibilityState === 'visible') void tryNow();
  };
  addEventListener('online', retry);
  document.addEventListener('visibilitychange', retry);
  return () => {
    ends();
    clearTimeout(timer);
    removeEventListener('online', retry);
    document.removeEventListener('visibilitychange', retry);
  };
}

/** For who has heard that the server does not answer. */
export function connectionIsLost(): void {
  if (connection.state === 'lost') return;
  tries = 0;
  wait(Date.now());
}

/** The longer it has been away the less often it is tried, and not by all browsers at once. */
function wait(since: number): void {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries++);
  const pause = longest / 2 + (Math.random() * longest) / 2;
  clearTimeout(timer);
  timer = setTimeout(() => void tryNow(), pause);
  become({ state: 'lost', since, nextTryAt: Date.now() + pause });
}

/** Asks whether the server is there again; if it is, all that is on the screen is asked for again. */
export async function tryNow(): Promise<void> {
  if (connection.state !== 'lost') return;
  const { since } = connection;
  clearTimeout(timer);
  become({ state: 'lost', since, nextTryAt: undefined });
  if (await serverAnswers()) await regain();
  else wait(since);
}

/** Asks the server, once. Whatever it answers, it is there. */
export async function serverAnswers(): Promise<boolean> {
  try {
    const { body } = await api.APIKey.whoami({}, { maxRetries: 0, timeoutMs: 10_000 });
    noteVersion(body.server.version);
    return true;
  } catch (error) {
    return error instanceof APIError && !isUnreachable(error);
  }
}

/** For who has heard from it. All that is on the screen is asked for again, if it was away. */
export async function regain(): Promise<void> {
  if (connection.state === 'here') return;
  clearTimeout(timer);
  become({ state: 'here' });
  await queryClient.invalidateQueries();
}
