import type { ProjectChange, ProjectHello } from '@vergeai/sdk';
import { basePath } from '../api/base-url.js';
import { api } from '../api/client.js';
import { isUnreachable } from '../api/query-client.js';

/** What one tab hears from the server and all hear from it. `away`: nothing is to be heard; with whether the server was not reached. */
export type News = ProjectHello | ProjectChange | { readonly type: 'away'; readonly isUnreachable: boolean };

/** Whether it has been told so far what changes, for a tab that has just been opened. */
export interface SoFar {
  readonly type: 'so_far';
  readonly isTold: boolean;
}

/** What tabs say to each other: one that is opened asks how it is. */
type Said = News | SoFar | { readonly type: 'who' };

/** A tab that nobody has looked at for so long leaves listening to others. */
const QUIET_AFTER_MS = 60_000;
/** So many projects are heard of at once: a browser opens six connections to a server, and pages need some. */
const MOST_STREAMS = 3;

/**
 * Hears what changes in a project. Of all tabs of the browser that show it one has the stream, and tells the others. Whoever holds the lock is that one; when its tab is closed or has long been
 * hidden, the next one that is looked at gets it. Returns what ends that.
 */
export function hearChanges(project_id: string, hear: (news: News | SoFar) => void): () => void {
  const name = `verge-live ${basePath} ${project_id}`;
  const channel = new BroadcastChannel(name);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has the tabs of its own origin, and takes no other
  const sayToOthers = (said: Said) => channel.postMessage(said);
  let isTold: boolean | undefined;
  let leading: AbortController | undefined;
  let quiet: ReturnType<typeof setTimeout> | undefined;

  const tell = (news: News) => {
    if (news.type !== 'change') isTold = news.type === 'hello';
    sayToOthers(news);
    hear(news);
  };
  channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.type !== 'who') hear(data);
    // Only who has the stream knows how it is.
    else if (isTold !== undefined) sayToOthers({ type: 'so_far', isTold });
  });

  const lead = () => {
    // Browsers have locks where the way to the server is safe.
    if (leading || !('locks' in navigator)) return;
    const { signal } = (leading = new AbortController());
    // Refused when it is called off, which is what `giveUp` does.
    navigator.locks.request(name, { signal }, () => listen(project_id, tell, signal)).catch(() => {});
  };
  const giveUp = () => {
    leading?.abort();
    leading = undefined;
    isTold = undefined;
  };
  const look = () => {
    clearTimeout(quiet);
    if (document.visibilityState === 'visible') lead();
    else quiet = setTimeout(giveUp, QUIET_AFTER_MS);
  };
  sayToOthers({ type: 'who' });
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    clearTimeout(quiet);
    giveUp();
    channel.close();
  };
}

/** Until it is called off. Where too many projects are open, or the server says that there is nothing to hear, pages look by themselves. */
async function listen(project_id: string, tell: (news: News) => void, signal: AbortSignal): Promise<void> {
  for (let stream = 1; stream <= MOST_STREAMS; stream++) {
    const had = await navigator.locks.request(`verge-stream ${basePath} ${stream}`, { ifAvailable: true }, async (lock) => {
      if (lock) await follow(project_id, tell, signal);
      return lock !== null;
    });
    if (signal.aborted) return;
    if (had) break;
  }
  tell({ type: 'away', isUnreachable: false });
  // Nobody else would hear more: trying again is for who comes back to the page.
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

async function follow(project_id: string, tell: (news: News) => void, signal: AbortSignal): Promise<void> {
  const onConnection = (connection: string, error?: unknown) => {
    if (connection === 'lost') tell({ type: 'away', isUnreachable: isUnreachable(error) });
  };
  try {
    for await (const news of api.Project.changes({ project_id }, { signal, onConnection })) tell(news);
  } catch {
    // What is refused, or does not stream, is told of where pages ask themselves.
  }
}
