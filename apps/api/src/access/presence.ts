/** Much longer than anybody asks about. */
const REMEMBERED_MS = 10 * 60_000;

/** Which devices this process has heard of lately. What other processes hear is in the database, some two minutes later. */
export interface Presence {
  /** It is here, now. */
  note(deviceId: string): void;
  /** When it was here last; undefined when it was not within the last ten minutes. */
  lastSeen(deviceId: string): Date | undefined;
}

export function createPresence({ clock }: { readonly clock: { now(): Date; monotonic(): number } }): Presence {
  const seen = new Map<string, number>();
  let sweptAt = clock.monotonic();
  return {
    note(deviceId) {
      const now = clock.monotonic();
      seen.set(deviceId, now);
      if (now - sweptAt < REMEMBERED_MS) return;
      sweptAt = now;
      for (const [id, at] of seen) if (now - at > REMEMBERED_MS) seen.delete(id);
    },
    lastSeen(deviceId) {
      const ago = clock.monotonic() - (seen.get(deviceId) ?? -Infinity);
      return ago > REMEMBERED_MS ? undefined : new Date(clock.now().getTime() - ago);
    },
  };
}
