/** Much longer than anybody asks about. */
const REMEMBERED_MS = 10 * 60_000;

/** Written down no more often than this. */
const NOTE_EVERY_MS = 60_000;

const LONGEST_AGENT = 200;

export interface SeenDevice {
  readonly deviceId: string;
  readonly projectId: string;
}

/** That a device was seen, as it is written down. */
export interface Sighting extends SeenDevice {
  /** By the monotonic clock. */
  readonly at: number;
  /** What it calls itself; undefined: it did not say. */
  readonly agent: string | undefined;
}

/** Which devices this process has heard of lately. What other processes hear is in the database, some two minutes later. */
export interface Presence {
  /** It is here, now. `agent` is what it calls itself. */
  note(device: SeenDevice, agent?: string): void;
  /** When it was here last; undefined when it was not within the last ten minutes. */
  lastSeen(deviceId: string): Date | undefined;
  /** The same in milliseconds of the monotonic clock. */
  seenAgoMs(deviceId: string): number | undefined;
  /** Those that have been seen since they were last written down, if that was more than a minute ago. */
  unwritten(): readonly Sighting[];
  written(sightings: readonly Sighting[]): void;
}

interface Seen {
  readonly projectId: string;
  at: number;
  agent: string | undefined;
  writtenAt: number;
}

export function createPresence({ clock }: { readonly clock: { now(): Date; monotonic(): number } }): Presence {
  const seen = new Map<string, Seen>();
  let sweptAt = clock.monotonic();
  const agoOf = (deviceId: string) => {
    const ago = clock.monotonic() - (seen.get(deviceId)?.at ?? -Infinity);
    return ago > REMEMBERED_MS ? undefined : ago;
  };
  return {
    note({ deviceId, projectId }, agent) {
      const now = clock.monotonic();
      const known = seen.get(deviceId) ?? { projectId, at: now, agent: undefined, writtenAt: -Infinity };
      known.at = now;
      if (agent !== undefined) known.agent = agent.slice(0, LONGEST_AGENT);
      seen.set(deviceId, known);
      if (now - sweptAt < REMEMBERED_MS) return;
      sweptAt = now;
      for (const [id, { at }] of seen) if (now - at > REMEMBERED_MS) seen.delete(id);
    },
    lastSeen(deviceId) {
      const ago = agoOf(deviceId);
      return ago === undefined ? undefined : new Date(clock.now().getTime() - ago);
    },
    seenAgoMs: agoOf,
    unwritten() {
      const now = clock.monotonic();
      return [...seen].flatMap(([deviceId, { projectId, at, agent, writtenAt }]) => (at > writtenAt && now - writtenAt >= NOTE_EVERY_MS ? [{ deviceId, projectId, at, agent }] : []));
    },
    written(sightings) {
      for (const { deviceId, at } of sightings) {
        const known = seen.get(deviceId);
        if (known) known.writtenAt = at;
      }
    },
  };
}
