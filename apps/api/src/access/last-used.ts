import type { Context } from '../context.js';

const NOTE_EVERY_MS = 60_000;
/** One transaction: many share one wait for the disk, and none makes others wait for long. */
const KEYS_AT_ONCE = 200;

export interface LastUsed {
  note(keyId: string): void;
  /** Writes what has been noted since the last time. */
  flush(): Promise<void>;
}

/** When each key was last used, to the nearest minute: gathered in memory, written now and then, never by a read. */
export function createLastUsed(ctx: Context): LastUsed {
  let noted = new Map<string, Date>();
  const written = new Map<string, number>();
  return {
    note(keyId) {
      const now = ctx.clock.now();
      if (now.getTime() - (written.get(keyId) ?? 0) >= NOTE_EVERY_MS) noted.set(keyId, now);
    },
    async flush() {
      const batch = [...noted];
      noted = new Map();
      for (const [id, at] of written) if (ctx.clock.now().getTime() - at >= NOTE_EVERY_MS) written.delete(id);
      for (let at = 0; at < batch.length; at += KEYS_AT_ONCE) {
        const keys = batch.slice(at, at + KEYS_AT_ONCE);
        await ctx.db.write(keys.map(([id, lastUsedAt]) => ({ sql: 'UPDATE "ApiKey" SET "lastUsedAt" = ? WHERE "id" = ?', params: [lastUsedAt, id] })));
        for (const [id, lastUsedAt] of keys) written.set(id, lastUsedAt.getTime());
      }
    },
  };
}
