import { contract } from '@vergeai/contract';
import type { Request, RequestHandler, Response } from 'express';
import type { Actor } from '../../access/actor.js';
import { authorise } from '../../access/authorise.js';
import type { Context } from '../../context.js';
import { listEvents } from './events.js';
import { findActorByKeyId } from '../../access/find-actor.js';
import { Refusal } from '../../refusal.js';
import { requestState } from '../../http/edge/request-state.js';

const BATCH = 200;
/** So that proxies keep the connection, and a hint that was lost is made good. */
const LOOK_EVERY_MS = 10_000;

/**
 * The event log, live, for who asks with `Accept: text/event-stream`: first what there is after `after` or
 * `Last-Event-ID`, then what comes. Each event carries its number as id, so a client that reconnects misses nothing.
 * The right to read is asked for again before every batch.
 */
export const eventStream = (ctx: Context, stopping: AbortSignal): RequestHandler =>
  async (req, res, next) => {
    const path = contract.experiment.events.pathParams.safeParse(req.params);
    const query = contract.experiment.events.query.safeParse(req.query);
    if (req.accepts(['application/json', 'text/event-stream']) !== 'text/event-stream' || !path.success || !query.success) return next();
    const { keyId } = requestState(req).actor!;
    const read = async (after: number) => {
      await requireReader(ctx, keyId, path.data.project_id);
      return listEvents(ctx, path.data, { after, limit: BATCH });
    };
    let after = lastEventId(req) ?? query.data.after;
    // Before the first look, so that what happens during it is heard.
    const listener = listen(ctx, path.data.experiment_id, res, stopping);
    try {
      let batch = await read(after);
      open(res);
      while (!listener.isOver()) {
        for (const event of batch.data) res.write(`id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
        after = batch.data.at(-1)?.sequence ?? after;
        if (batch.next_after === null) await listener.heard();
        if (res.writableNeedDrain) await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
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
  };

/** Throws a Refusal when the key no longer counts, or its owner may no longer read the project. */
async function requireReader(ctx: Context, keyId: string, projectId: string): Promise<void> {
  const actor: Actor | undefined = await findActorByKeyId(ctx, keyId);
  if (!actor) throw new Refusal('key_invalid');
  await authorise(ctx, contract.experiment.events.metadata.access, actor, { project_id: projectId });
}

function lastEventId(req: Request): number | undefined {
  const id = req.get('Last-Event-ID');
  return id && /^\d{1,10}$/.test(id) ? Number(id) : undefined;
}

function open(res: Response): void {
  res.status(200).set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
  res.flushHeaders();
}

function listen(ctx: Context, experimentId: string, res: Response, stopping: AbortSignal) {
  let over = stopping.aborted || res.closed;
  let pending = false;
  let wake = () => {};
  const end = () => {
    over = true;
    wake();
  };
  res.once('close', end);
  stopping.addEventListener('abort', end);
  const unsubscribe = ctx.signals.subscribe((signal) => {
    if (signal.about !== 'experiment' || signal.id !== experimentId) return;
    pending = true;
    wake();
  });
  return {
    isOver: () => over,
    heard: () =>
      new Promise<void>((resolve) => {
        const callOff = ctx.clock.after(LOOK_EVERY_MS, resolve);
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
