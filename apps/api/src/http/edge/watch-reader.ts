import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../time/clock.js';

/** Whoever reads nothing for so long is not waited for any more once the server is stopping. */
const WHILE_STOPPING_MS = 1_000;

/** What Node keeps of a connection's bytes, and uses for its own time-outs; there is no public name for it. */
interface Counted extends Socket {
  readonly _bytesDispatched: number;
  readonly _handle: { readonly writeQueueSize: number } | null;
}

/** How many bytes the connection has handed to the kernel. */
const sentBy = ({ _bytesDispatched, _handle }: Counted) => _bytesDispatched - (_handle?.writeQueueSize ?? 0);

/**
 * Ends an answer's connection when its client reads more slowly than a minimum rate while bytes wait for it, looked at once
 * per window, so that whoever does not read holds neither memory nor a connection for ever. An answer of which nothing waits
 * at the moment may take its time. A rate of zero turns it off.
 */
export function watchReader(
  res: ServerResponse,
  clock: Clock,
  { bytesPerSec, windowSec }: { readonly bytesPerSec: number; readonly windowSec: number },
  stopping: AbortSignal,
): void {
  if (bytesPerSec === 0 || res.closed) return;
  // An answer to a request that came before the answer to the one before it was sent has no connection yet.
  if (res.socket) watch(res, res.socket as Counted, clock, bytesPerSec, windowSec, stopping);
  else res.once('socket', (socket: Socket) => watch(res, socket as Counted, clock, bytesPerSec, windowSec, stopping));
}

function watch(res: ServerResponse, socket: Counted, clock: Clock, bytesPerSec: number, windowSec: number, stopping: AbortSignal): void {
  let sent = 0;
  let waiting = 0;
  let windowMs = 0;
  let callOff = () => {};
  const begin = () => {
    sent = sentBy(socket);
    waiting = res.writableLength;
    windowMs = stopping.aborted ? WHILE_STOPPING_MS : windowSec * 1000;
    callOff = clock.after(windowMs, look);
  };
  const look = () => {
    if (sentBy(socket) - sent < Math.min(waiting, (bytesPerSec * windowMs) / 1000)) socket.destroy();
    else begin();
  };
  const hurry = () => {
    callOff();
    begin();
  };
  stopping.addEventListener('abort', hurry);
  res.once('close', () => {
    callOff();
    stopping.removeEventListener('abort', hurry);
  });
  begin();
}
