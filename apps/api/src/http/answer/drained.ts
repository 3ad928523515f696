import type { Response } from 'express';

/** Resolves when the client has read what waits for it, or has gone. */
export function drained(res: Response): Promise<void> {
  if (!res.writableNeedDrain || res.closed) return Promise.resolve();
  return new Promise((resolve) => {
    // One of the two never comes, and may not stay behind: a long answer is waited for many times.
    const over = () => {
      res.off('drain', over).off('close', over);
      resolve();
    };
    res.once('drain', over).once('close', over);
  });
}
