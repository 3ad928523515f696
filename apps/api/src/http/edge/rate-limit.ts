import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from '../../config.js';
import { Refusal } from '../../refusal.js';

/** Throws a Refusal `rate_limited` when there have been too many. */
export type RateLimit = (who: string) => Promise<void>;

/** Undefined where the settings turn a limit off. */
export interface RateLimits {
  readonly perKey: RateLimit | undefined;
  readonly perAddress: RateLimit | undefined;
  /** Of one address, to sign in. Off where there is no limit per address: then it may be that of all, of a proxy. */
  readonly signIn: RateLimit | undefined;
}

const WINDOW_SEC = 2;
const SIGN_IN = { points: 10, duration: 60 };

/** Counts requests in windows of two seconds, so short bursts of up to twice the rate pass. Counts are per process. */
export function createRateLimits({ limits: { perKey, perAddress } }: Pick<Config, 'limits'>): RateLimits {
  const perSecond = (rate: number, whom: string) => {
    if (rate === Number.POSITIVE_INFINITY) return undefined;
    return limiter({ points: rate * WINDOW_SEC, duration: WINDOW_SEC }, `More than ${rate} requests per second from one ${whom}.`);
  };
  return {
    perKey: perSecond(perKey, 'key'),
    perAddress: perSecond(perAddress, 'address'),
    signIn: perAddress === Number.POSITIVE_INFINITY ? undefined : limiter(SIGN_IN, `More than ${SIGN_IN.points} attempts to sign in within a minute from one address.`),
  };
}

function limiter(options: { readonly points: number; readonly duration: number }, sentence: string): RateLimit {
  const bucket = new RateLimiterMemory(options);
  return async (who) => {
    try {
      await bucket.consume(who);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new Refusal('rate_limited', `${sentence} Wait as long as \`Retry-After\` says.`, {
        retryAfterSec: Math.min(options.duration, Math.max(1, Math.ceil(error.msBeforeNext / 1000))),
      });
    }
  };
}
