import type { Request, Response } from 'express';
import { drained } from './drained.js';
import type { Outlet } from './outlet.js';
import { itsTurn } from './queued.js';

/** What is shorter is sent at once, with its length; of what is longer no more than about this is made at a time. */
const PIECE_CHARACTERS = 64 * 1024;

/** What a long answer takes while it is sent: the rows of a batch, and the text of a piece that nobody has read yet. */
const HELD_BYTES = 512 * 1024;

/**
 * Sends JSON as it is made, and makes no more than its client has read. What fails before the first piece is refused like
 * anything else; after that an error has to end the connection, so that nobody takes half for whole.
 */
export async function sendGrowing(req: Request, res: Response, pieces: AsyncGenerator<string, undefined>, outlet: Outlet): Promise<void> {
  const nextPiece = () => outlet.turns.take(() => gather(pieces));
  try {
    let piece = await nextPiece();
    if (piece.isLast) return outlet.sendText(req, res, piece.text);
    await outlet.holding(req, HELD_BYTES, async () => {
      if (!(await begin(req, res, outlet))) return;
      for (;;) {
        // Bytes, as text that waits would be held in the heap.
        res.write(Buffer.from(piece.text));
        if (piece.isLast) break;
        piece = { text: '', isLast: false };
        await drained(res);
        if (res.closed) return;
        piece = await nextPiece();
      }
      res.end();
    });
  } finally {
    await pieces.return(undefined);
  }
}

/** Gives whether a body is to follow. HEAD is told neither the length, which nobody knows, nor more. */
async function begin(req: Request, res: Response, outlet: Outlet): Promise<boolean> {
  await itsTurn(req, res);
  if (!res.socket) return false;
  res.status(200).set('Content-Type', 'application/json; charset=utf-8');
  outlet.watch(res);
  if (req.method === 'GET') return true;
  res.end();
  return false;
}

interface Piece {
  readonly text: string;
  readonly isLast: boolean;
}

async function gather(pieces: AsyncGenerator<string, undefined>): Promise<Piece> {
  let text = '';
  while (text.length < PIECE_CHARACTERS) {
    const { value, done } = await pieces.next();
    if (done) return { text, isLast: true };
    text += value;
  }
  return { text, isLast: false };
}
