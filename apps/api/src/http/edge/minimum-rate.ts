import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { Refusal } from '../../refusal.js';
import type { Clock } from '../../time/clock.js';
import { hasBody } from '../body/has-body.js';

/**
 * Ends requests whose body trickles in below a minimum rate, looked at once per window, so that slow clients can't hold
 * connections for ever, while an honest slow upload takes all the time it needs. A rate of zero turns it off.
 */
export const minimumRate = (clock: Clock, { bytesPerSec, windowSec }: { bytesPerSec: number; windowSec: number }): RequestHandler =>
  (req, _res, next) => {
    // Whatever the method: a body that nobody reads holds its connection too.
    if (bytesPerSec > 0 && hasBody(req.headers)) watch(req, clock, bytesPerSec * windowSec, windowSec * 1000);
    next();
  };

function watch(req: IncomingMessage, clock: Clock, bytesPerWindow: number, windowMs: number): void {
  const { socket } = req;
  let seen = socket.bytesRead;
  let lookedAt = clock.monotonic();
  const look = () => {
    if (req.complete || socket.destroyed) return;
    const now = clock.monotonic();
    // What came while this process was suspended or starved has not been read yet.
    const wasAway = now - lookedAt > 2 * windowMs;
    lookedAt = now;
    // Bytes that wait in our own buffers are not the client's slowness.
    if (!wasAway && socket.bytesRead - seen < bytesPerWindow && req.readableLength === 0) {
      req.destroy(new Refusal('upload_too_slow'));
      socket.destroy();
      return;
    }
    seen = socket.bytesRead;
    callOff = clock.after(windowMs, look);
  };
  let callOff = clock.after(windowMs, look);
  // Else every request with a body, however quick, would be held in memory until its window is over.
  req.once('close', () => callOff());
}
