import { build, statement } from '@vergeai/db';
import type { LastUsed } from '../access/last-used.js';
import type { Context } from '../context.js';
import { takeKnownStep } from '../writing/take-known-step.js';

/** One transaction: many share one wait for the disk, and none makes others wait for long. */
const KEYS_AT_ONCE = 200;

const noteUse = statement((key: { id: string; lastUsedAt: Date }) => build.updateTable('ApiKey').set({ lastUsedAt: key.lastUsedAt }).where('id', '=', key.id));

/** Writes down when keys were last used. */
export async function writeLastUsed(ctx: Context, lastUsed: LastUsed): Promise<void> {
  const used = lastUsed.take();
  for (let at = 0; at < used.length; at += KEYS_AT_ONCE) {
    const keys = used.slice(at, at + KEYS_AT_ONCE);
    await takeKnownStep(ctx, undefined, { statements: keys.map(([id, lastUsedAt]) => noteUse({ id, lastUsedAt })) });
    lastUsed.written(keys);
  }
}
