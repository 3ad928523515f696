import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { Refusal } from '../../refusal.js';
import { hasBody } from '../body/has-body.js';

/**
 * Ends requests whose body trickles in below a minimum rate, looked at once per window, so that slow clients can't hold
 * connections for ever, while an honest slow upload takes all the time it needs. A rate of zero turns it off.
 */
export const minimumRate = ({ bytesPerSec, windowSec }: { bytesPerSec: number; windowSec: number }): RequestHandler =>
  (req, _res, next) => {
    // Whatever the method: a body that nobody reads holds its connection too.
    if (bytesPerSec > 0 && hasBody(req.headers)) watch(req, bytesPerSec * windowSec, windowSec * 1000);
    next();
  };

function watch(req: IncomingMessage, bytesPerWindow: number, windowMs: number): void {
  const { socket } = req;
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    if (req.complete || socket.destroyed) return clearInterval(timer);
    // Bytes that wait in our own buffers are not the client's slowness.
    if (socket.bytesRead - seen < bytesPerWindow && req.readableLength === 0) {
      clearInterval(timer);
      req.destroy(new Refusal('upload_too_slow'));
      socket.destroy();
    }
    seen = socket.bytesRead;
  }, windowMs);
  timer.unref();
  // Else every request with a body, however quick, would be held in memory until its window is over.
  req.once('close', () => clearInterval(timer));
}
