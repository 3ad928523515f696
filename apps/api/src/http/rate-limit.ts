import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from '../config.js';
import { Refusal } from '../refusal.js';

export interface RateLimits {
  /** Each throws a Refusal `rate_limited` when there have been too many. */
  perKey(keyId: string): Promise<void>;
  perAddress(address: string): Promise<void>;
}

const WINDOW_SEC = 2;

/** Counts requests in windows of two seconds, so short bursts of up to twice the rate pass. Counts are per process. */
export function createRateLimits({ limits }: Pick<Config, 'limits'>): RateLimits {
  const limiter = (perSecond: number, whom: string) => {
    if (perSecond === Number.POSITIVE_INFINITY) return async () => {};
    const bucket = new RateLimiterMemory({ points: perSecond * WINDOW_SEC, duration: WINDOW_SEC });
    return async (who: string) => {
      try {
        await bucket.consume(who);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        throw new Refusal('rate_limited', `More than ${perSecond} requests per second from one ${whom}.`, {
          retryAfterSec: Math.max(1, Math.ceil(error.msBeforeNext / 1000)),
        });
      }
    };
  };
  return { perKey: limiter(limits.perKey, 'key'), perAddress: limiter(limits.perAddress, 'address') };
}
