import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from '../../config.js';
import { Refusal } from '../../refusal.js';

/** Throws a Refusal `rate_limited` when there have been too many. */
export type RateLimit = (who: string) => Promise<void>;

/** Undefined where the settings turn a limit off. */
export interface RateLimits {
  readonly perKey: RateLimit | undefined;
  readonly perAddress: RateLimit | undefined;
}

const WINDOW_SEC = 2;

/** Counts requests in windows of two seconds, so short bursts of up to twice the rate pass. Counts are per process. */
export function createRateLimits({ limits }: Pick<Config, 'limits'>): RateLimits {
  const limiter = (perSecond: number, whom: string): RateLimit | undefined => {
    if (perSecond === Number.POSITIVE_INFINITY) return undefined;
    const bucket = new RateLimiterMemory({ points: perSecond * WINDOW_SEC, duration: WINDOW_SEC });
    return async (who) => {
      try {
        await bucket.consume(who);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        throw new Refusal('rate_limited', `More than ${perSecond} requests per second from one ${whom}. Wait as long as \`Retry-After\` says.`, {
          retryAfterSec: Math.min(WINDOW_SEC, Math.max(1, Math.ceil(error.msBeforeNext / 1000))),
        });
      }
    };
  };
  return { perKey: limiter(limits.perKey, 'key'), perAddress: limiter(limits.perAddress, 'address') };
}
