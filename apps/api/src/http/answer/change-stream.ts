import type { ProjectMessage } from '@vergeai/contract';
import type { Request, Response } from 'express';
import { Refusal } from '../../refusal.js';
import { keyOfChange } from '../../signals/changed.js';
import type { Change } from '../../signals/signals.js';
import { onceASecond } from '../../time/once-a-second.js';
import { requestState } from '../edge/request-state.js';
import { listen, LOOK_EVERY_MS, open, type StreamServer } from './event-stream.js';
import { itsTurn } from './queued.js';

/** Changes as they are followed. None of them is kept. */
export interface ChangeStream {
  /** The server's version, by which a page learns that it is an old one. */
  readonly version: string;
  /** Calls `onChange` with each. Gives how to end that. */
  subscribe(onChange: (change: Change) => void): () => void;
}

/** Who does not read so many is cut off, and looks at everything when it is back. */
const MOST_UNREAD = 10_000;

/** What a stream whose client does not read takes. */
const HELD_BYTES = 64 * 1024;

/**
 * Tells changes, live, as server-sent events: `hello`, then a `change` for each thing at most once a second, then `bye` when
 * `admit` refuses. It is asked every ten seconds, and when members or the project itself have changed.
 */
export async function sendChangeStream(req: Request, res: Response, { version, subscribe, admit }: ChangeStream & { admit(): Promise<void> }, server: StreamServer): Promise<void> {
  await itsTurn(req, res);
  const unread: Change[] = [];
  let onNews = () => {};
  const joined = onceASecond<Change>(server.clock, keyOfChange, (change) => {
    unread.push(change);
    onNews();
  });
  const listener = listen((tell) => {
    onNews = tell;
    return subscribe(joined.take);
  }, res, server);
  try {
    await admit();
    let admittedAt = server.clock.monotonic();
    open(res);
    server.outlet.watchStream(res);
    // HEAD has had its answer.
    if (req.method === 'GET') say(res, { type: 'hello', version });
    while (req.method === 'GET' && !listener.isOver()) {
      await listener.heard();
      const isDue = server.clock.monotonic() - admittedAt >= LOOK_EVERY_MS;
      if (isDue || unread.some(touchesRights)) {
        await admit();
        admittedAt = server.clock.monotonic();
      }
      if (listener.isOver()) break;
      if (isDue) res.write(':\n\n');
      for (const change of unread.splice(0)) say(res, { type: 'change', ...change });
      await server.outlet.drain(req, res, HELD_BYTES);
      if (unread.length > MOST_UNREAD) break;
    }
  } catch (error) {
    // Who was not let in at all is answered like anybody else.
    if (!(res.headersSent && error instanceof Refusal)) throw error;
    requestState(req).refusedWith = error.code;
    say(res, { type: 'bye', code: error.code });
  } finally {
    listener.stop();
    joined.stop();
  }
  res.end();
}

const touchesRights = ({ about }: Change): boolean => about === 'member' || about === 'project';

function say(res: Response, message: ProjectMessage): void {
  res.write(`event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`);
}
