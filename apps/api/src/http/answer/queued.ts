import type { Socket } from 'node:net';
import type { Request, Response } from 'express';

// A client may send requests without waiting for answers. Answers go out in their order, and one that waits for those before
// it has no connection yet: nobody tells it when that ends.

const waiting = new WeakMap<Socket, Set<() => void>>();

/** Calls `over` when the answer has been read or its connection has ended, and perhaps twice. */
export function whenOver(req: Request, res: Response, over: () => void): void {
  res.once('close', over);
  if (!res.socket) res.once('close', whenConnectionEnds(req.socket, over));
}

/** Resolves when it is the answer's turn, or when that will never come. */
export async function itsTurn(req: Request, res: Response): Promise<void> {
  if (res.socket || req.socket.destroyed) return;
  await new Promise<void>((resolve) => {
    const callOff = whenConnectionEnds(req.socket, resolve);
    res.once('socket', () => {
      callOff();
      resolve();
    });
  });
}

/** With one listener for all of a connection's answers. Gives how to call it off. */
function whenConnectionEnds(socket: Socket, over: () => void): () => void {
  let known = waiting.get(socket);
  if (!known) {
    const all = (known = new Set());
    waiting.set(socket, all);
    socket.once('close', () => {
      for (const end of all) end();
    });
  }
  const mine = known.add(over);
  return () => void mine.delete(over);
}
