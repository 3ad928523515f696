import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APIError } from '@vergeai/sdk';
import { createBackoff } from '../src/patience.js';

/** How long each of so many pauses after `error` takes, in milliseconds. */
async function pauses(count: number, error?: unknown): Promise<number[]> {
  const backoff = createBackoff();
  const taken: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = Date.now();
    const over = backoff.pause(error, new AbortController().signal);
    await vi.runAllTimersAsync();
    await over;
    taken.push(Date.now() - start);
  }
  return taken;
}

describe('a device that comes back later', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('waits twice as long each time, up to a quarter of a minute, of which jitter takes at most half', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    expect(await pauses(8)).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    vi.spyOn(Math, 'random').mockReturnValue(0);
    expect(await pauses(8)).toEqual([125, 250, 500, 1000, 2000, 4000, 7500, 7500]);
  });

  it('waits as long as Retry-After says, up to a minute, and never not at all', async () => {
    const asking = (retryAfterMs: number) => new APIError({ statusCode: 503, detail: 'Not now.', retryAfterMs });
    expect(await pauses(1, asking(59_000))).toEqual([59_000]);
    expect(await pauses(1, asking(3_600_000))).toEqual([60_000]);
    expect((await pauses(1, asking(0)))[0]).toBeGreaterThanOrEqual(125);
  });
});
