import { build, statement, type HotStatement } from '@vergeai/db';
import type { LastUsed, Uses } from '../access/last-used.js';
import type { Context } from '../context.js';
import { takeKnownStep } from '../writing/take-known-step.js';

/** One transaction: many share one wait for the disk, and none makes others wait for long. */
const AT_ONCE = 200;

interface Use {
  readonly id: string;
  readonly lastUsedAt: Date;
}

const noteKey = statement((key: Use) => build.updateTable('ApiKey').set({ lastUsedAt: key.lastUsedAt }).where('id', '=', key.id));
/** Of servers that share a database, the one that writes later may have been asked earlier: no session ends for that. */
const noteSession = statement((session: Use) =>
  build.updateTable('Session').set({ lastUsedAt: session.lastUsedAt }).where('id', '=', session.id).where('lastUsedAt', '<', session.lastUsedAt));

/** Writes down when keys and sessions were last used. */
export async function writeLastUsed(ctx: Context, { keys, sessions }: LastUsed): Promise<void> {
  await write(ctx, keys, noteKey);
  await write(ctx, sessions, noteSession);
}

async function write(ctx: Context, uses: Uses, note: (use: Use) => HotStatement): Promise<void> {
  const used = uses.take();
  for (let at = 0; at < used.length; at += AT_ONCE) {
    const some = used.slice(at, at + AT_ONCE);
    await takeKnownStep(ctx, undefined, { statements: some.map(([id, lastUsedAt]) => note({ id, lastUsedAt })) });
    uses.written(some);
  }
}
