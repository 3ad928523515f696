import type { Response } from 'express';

/**
 * Aborts when the client has gone or the server is stopping. By hand, because every AbortSignal.any leaves something
 * behind in the signals it was made of, and `stopping` lives as long as the process.
 */
export function whenGone(res: Response, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const end = () => {
    stopping.removeEventListener('abort', end);
    gone.abort();
  };
  res.once('close', end);
  if (stopping.aborted || res.closed) end();
  else stopping.addEventListener('abort', end);
  return gone.signal;
}
