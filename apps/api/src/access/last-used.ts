import type { Context } from '../context.js';

const NOTE_EVERY_MS = 60_000;

/** When each key was last used, to the nearest minute: gathered in memory, written now and then, never by a read. */
export interface LastUsed {
  note(keyId: string): void;
  /** Takes out what has been noted since the last time. */
  take(): ReadonlyArray<readonly [keyId: string, at: Date]>;
  /** Tells that these have been written: they need not be noted again for a minute. */
  written(keys: ReadonlyArray<readonly [keyId: string, at: Date]>): void;
}

export function createLastUsed({ clock }: Pick<Context, 'clock'>): LastUsed {
  let noted = new Map<string, Date>();
  /** On the monotonic clock: a time of day that was set back would hide uses for as long. */
  const written = new Map<string, number>();
  return {
    note(keyId) {
      if (clock.monotonic() - (written.get(keyId) ?? Number.NEGATIVE_INFINITY) >= NOTE_EVERY_MS) noted.set(keyId, clock.now());
    },
    take() {
      const taken = [...noted];
      noted = new Map();
      for (const [id, at] of written) if (clock.monotonic() - at >= NOTE_EVERY_MS) written.delete(id);
      return taken;
    },
    written(keys) {
      for (const [id] of keys) written.set(id, clock.monotonic());
    },
  };
}
