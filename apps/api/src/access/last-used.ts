import { sessionOf, type Actor } from './actor.js';
import type { Context } from '../context.js';

const NOTE_EVERY_MS = 60_000;

/** When each key and each session was last used, to the nearest minute: gathered in memory, written now and then, never by a read. */
export interface LastUsed {
  note(actor: Actor): void;
  readonly keys: Uses;
  readonly sessions: Uses;
}

export interface Uses {
  note(id: string): void;
  /** Takes out what has been noted since the last time. */
  take(): ReadonlyArray<readonly [id: string, at: Date]>;
  /** Tells that these have been written: they need not be noted again for a minute. */
  written(uses: ReadonlyArray<readonly [id: string, at: Date]>): void;
}

export function createLastUsed(ctx: Pick<Context, 'clock' | 'timebase'>): LastUsed {
  const keys = createUses(ctx, () => ctx.clock.now());
  // What people read of a key is what o'clock it was; a session's end is reckoned from it.
  const sessions = createUses(ctx, () => ctx.timebase.now());
  return {
    keys,
    sessions,
    note(actor) {
      keys.note(actor.keyId);
      const session = sessionOf(actor);
      if (session) sessions.note(session.id);
    },
  };
}

function createUses({ clock }: Pick<Context, 'clock'>, now: () => Date): Uses {
  let noted = new Map<string, Date>();
  /** On the monotonic clock: a time of day that was set back would hide uses for as long. */
  const written = new Map<string, number>();
  return {
    note(id) {
      if (clock.monotonic() - (written.get(id) ?? Number.NEGATIVE_INFINITY) >= NOTE_EVERY_MS) noted.set(id, now());
    },
    take() {
      const taken = [...noted];
      noted = new Map();
      for (const [id, at] of written) if (clock.monotonic() - at >= NOTE_EVERY_MS) written.delete(id);
      return taken;
    },
    written(uses) {
      for (const [id] of uses) written.set(id, clock.monotonic());
    },
  };
}
