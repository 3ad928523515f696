import type { Request, Response } from 'express';
import { Refusal } from '../../refusal.js';
import type { Clock } from '../../time/clock.js';
import { requestState } from '../edge/request-state.js';
import type { Outlet } from './outlet.js';
import { itsTurn } from './queued.js';

/** So that proxies keep the connection, and a hint that was lost is made good. */
export const LOOK_EVERY_MS = 10_000;

/** Entries are counted by a column that holds no more. */
const LAST_ENTRY = 2_147_483_647;

/** A log as it is followed: where to begin, what to read, and what tells of more. */
export interface FollowedLog {
  /** The number of the entry after which to begin. */
  readonly after: number;
  /** Entries after a number, in their order; `next_after` is null when no more are there yet. */
  read(after: number): Promise<{ readonly data: readonly Entry[]; readonly next_after: number | null }>;
  /** Calls `onNews` whenever there may be more. Gives how to end that. */
  subscribe(onNews: () => void): () => void;
}

interface Entry {
  readonly sequence: number;
  readonly type: string;
}

/** What a stream whose client does not read takes: the entries that were read for it. */
const HELD_BYTES = 512 * 1024;

/** What streams need of the process. */
export interface StreamServer {
  readonly clock: Clock;
  readonly outlet: Outlet;
  /** Aborts when the process has been asked to stop. */
  readonly stopping: AbortSignal;
}

/** Whether a client would rather have the answer told as it grows; or would take it so, where there is `only` that. */
export const asksForStream = (req: Request, only: boolean): boolean =>
  only ? req.accepts('text/event-stream') !== false : req.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';

/**
 * Tells a log, live, as server-sent events: first what there is after `after` or `Last-Event-ID`, then what comes. Each
 * event carries its number as id, so a client that reconnects misses nothing. What `read` refuses ends the stream.
 */
export async function sendEventStream(req: Request, res: Response, { after: first, read, subscribe }: FollowedLog, server: StreamServer): Promise<void> {
  let after = lastEventId(req) ?? first;
  await itsTurn(req, res);
  // Before the first look, so that what happens during it is heard.
  const listener = listen(subscribe, res, server);
  try {
    let batch = await read(after);
    open(res);
    server.outlet.watchStream(res);
    // HEAD has had its answer.
    while (req.method === 'GET' && !listener.isOver()) {
      for (const event of batch.data) res.write(`id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      after = batch.data.at(-1)?.sequence ?? after;
      if (batch.next_after === null) await listener.heard();
      await server.outlet.drain(req, res, HELD_BYTES);
      if (!listener.isOver()) batch = await read(after);
      if (batch.data.length === 0) res.write(':\n\n');
    }
  } catch (error) {
    // A first look that was refused is answered like any other request. Who may not go on reading has heard all that
    // was for them; the stream ends as it does for others, and its connection is good for the next request.
    if (!(res.headersSent && error instanceof Refusal)) throw error;
    requestState(req).refusedWith = error.code;
  } finally {
    listener.stop();
  }
  res.end();
}

function lastEventId(req: Request): number | undefined {
  const id = req.get('Last-Event-ID');
  // A number that no entry can have stands behind all of them.
  return id && /^\d{1,20}$/.test(id) ? Math.min(Number(id), LAST_ENTRY) : undefined;
}

export function open(res: Response): void {
  res.status(200).set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  res.flushHeaders();
}

/** Wakes whoever waits when there is news, when it is time for a look, and when nobody listens any more. */
export function listen(subscribe: FollowedLog['subscribe'], res: Response, { clock, stopping }: StreamServer) {
  let over = stopping.aborted || res.closed;
  let pending = false;
  let wake = () => {};
  const end = () => {
    over = true;
    wake();
  };
  res.once('close', end);
  stopping.addEventListener('abort', end);
  const unsubscribe = subscribe(() => {
    pending = true;
    wake();
  });
  return {
    isOver: () => over,
    heard: () =>
      new Promise<void>((resolve) => {
        const callOff = clock.after(LOOK_EVERY_MS, resolve);
        wake = () => {
          callOff();
          resolve();
        };
        if (pending || over) wake();
        pending = false;
      }),
    stop() {
      unsubscribe();
      stopping.removeEventListener('abort', end);
    },
  };
}
