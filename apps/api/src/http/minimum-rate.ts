import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { Refusal } from '../refusal.js';

const CHECK_EVERY_MS = 15_000;

/**
 * Ends requests whose body trickles in below a minimum rate, so that slow clients can't hold connections for ever,
 * while an honest slow upload takes all the time it needs. Zero turns it off.
 */
export const minimumRate = (bytesPerSec: number): RequestHandler =>
  (req, _res, next) => {
    if (bytesPerSec > 0 && req.method !== 'GET' && req.method !== 'HEAD') watch(req, (bytesPerSec * CHECK_EVERY_MS) / 1000);
    next();
  };

function watch(req: IncomingMessage, bytesPerCheck: number): void {
  const { socket } = req;
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    if (req.complete) return clearInterval(timer);
    // Bytes that wait in our own buffers are not the client's slowness.
    if (socket.bytesRead - seen < bytesPerCheck && req.readableLength === 0) req.destroy(new Refusal('upload_too_slow'));
    seen = socket.bytesRead;
  }, CHECK_EVERY_MS);
  timer.unref();
  req.once('close', () => clearInterval(timer));
}
