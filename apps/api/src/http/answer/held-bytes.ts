import type { Request } from 'express';
import { actorId } from '../../access/actor.js';
import { Refusal } from '../../refusal.js';
import type { Clock } from '../../time/clock.js';
import { requestState } from '../edge/request-state.js';

/** How long somebody may wait for room. */
const PATIENCE_MS = 10_000;

/** One caller may hold so much of all there is. */
const SHARE = 1 / 4;

export interface HeldBytesOptions {
  readonly clock: Clock;
  /** Bytes that may be held at once, by all together. */
  readonly limit: number;
}

interface Waiting {
  readonly bytes: number;
  readonly who: string;
  readonly begin: () => void;
}

/**
 * Counts the bytes that the process holds for its callers, because they have not read them or are still sending, and refuses
 * more than there is room for. A quarter is the most for one caller, so that one who does not read stands in nobody's way.
 */
export class HeldBytes {
  readonly #clock: Clock;
  readonly #share: number;
  readonly #held = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #free: number;

  constructor({ clock, limit }: HeldBytesOptions) {
    this.#clock = clock;
    this.#free = limit;
    this.#share = limit * SHARE;
  }

  /** Whether there is room. Whoever holds nothing may always hold what is free: one answer may be larger than a share. */
  hasRoom(bytes: number, who: string): boolean {
    const held = this.#held.get(who) ?? 0;
    return bytes <= this.#free && (held === 0 || held + bytes <= this.#share);
  }

  /** Counts bytes as held, whether there is room or not. Gives how to give them back, once. */
  hold(bytes: number, who: string): () => void {
    this.#add(bytes, who);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#add(-bytes, who);
      this.#letIn();
    };
  }

  /** Holds them as soon as there is room, first come, first served. Throws a Refusal `busy`. */
  async wait(bytes: number, who: string): Promise<() => void> {
    if (this.hasRoom(bytes, who)) return this.hold(bytes, who);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        bytes,
        who,
        begin: () => {
          callOff();
          resolve(this.hold(bytes, who));
        },
      };
      const callOff = this.#clock.after(PATIENCE_MS, () => {
        this.#waiting.delete(waiting);
        reject(busyHolding());
      });
      this.#waiting.add(waiting);
    });
  }

  #add(bytes: number, who: string): void {
    this.#free -= bytes;
    const held = (this.#held.get(who) ?? 0) + bytes;
    if (held === 0) this.#held.delete(who);
    else this.#held.set(who, held);
  }

  /** One who waits for others of the same caller lets those behind pass. */
  #letIn(): void {
    for (const waiting of this.#waiting) {
      if (!this.hasRoom(waiting.bytes, waiting.who)) continue;
      this.#waiting.delete(waiting);
      waiting.begin();
    }
  }
}

export const busyHolding = (): Refusal =>
  new Refusal('busy', 'Too many bytes wait to be read, by this caller or by all. Nothing was changed; try again.', { retryAfterSec: 1 });

/** For whom bytes are held. All who come without a key are one. */
export function whoOf(req: Request): string {
  const { actor } = requestState(req);
  return actor ? actorId(actor) : 'strangers';
}
