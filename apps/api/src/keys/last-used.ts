import type { Context } from '../context.js';

const NOTE_EVERY_MS = 60_000;

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
      const batch = noted;
      noted = new Map();
      for (const [id, lastUsedAt] of batch) {
        await ctx.db.prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt } });
        written.set(id, lastUsedAt.getTime());
      }
    },
  };
}
