import { build, query } from '@vergeai/db';
import { LEASE_SEC } from '@vergeai/domain';
import type { Context } from '../context.js';

/** Looks come much more often; one that comes so late comes after a time in which nobody was heard. */
const AWAY_MS = 10_000;

/**
 * A look for devices that are silent, which judges nobody for what happened while this process could not listen: when
 * it had not begun, was suspended or starved, or had a database that said nothing or a disk that took nothing, all
 * devices get `graceSec` to be heard first: as long as they may be silent.
 */
export function whenHeard(ctx: Context, judge: () => Promise<void>, graceSec = LEASE_SEC): () => Promise<void> {
  const { clock } = ctx;
  let lastLookAt = Number.NEGATIVE_INFINITY;
  let listeningSince = 0;
  return async () => {
    const now = clock.monotonic();
    if (now - lastLookAt > AWAY_MS) listeningSince = now;
    if (now - listeningSince > graceSec * 1000) await judge();
    else await ctx.db.hot.get(anything, {});
    lastLookAt = clock.monotonic();
  };
}

const anything = query(() => build.selectFrom('Server').select('id'));
