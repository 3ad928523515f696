import type { Request, Response } from 'express';
import type { Clock } from '../../time/clock.js';

const LINGER_MS = 2_000;

/**
 * Sends an answer's last bytes. When the request's own body has not arrived by then, the rest of it is read and thrown
 * away for a moment before the connection ends: closed at once, a client that is still sending would be told of a
 * broken connection and never get to read why.
 */
export function closeAfterAnswer(clock: Clock, req: Request, res: Response, body: string): void {
  if (req.complete) {
    res.send(body);
    return;
  }
  // The request has no socket any more once somebody has stopped reading its body half-way.
  const { socket } = res;
  res.set({ Connection: 'close', 'Content-Length': String(Buffer.byteLength(body)) });
  res.write(body);
  const callOff = clock.after(LINGER_MS, () => void socket?.destroy());
  res.once('close', callOff);
  if (req.destroyed) {
    res.end();
    return;
  }
  req.on('error', () => {});
  for (const over of ['end', 'close']) req.once(over, () => res.end());
  req.unpipe();
  // Listened to as well: it flows then as soon as whoever was reading it lets go.
  req.on('data', () => {});
  req.resume();
}
