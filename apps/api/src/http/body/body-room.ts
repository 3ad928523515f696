import type { Request, RequestHandler } from 'express';
import type { Clock } from '../../time/clock.js';
import { busyHolding, HeldBytes, whoOf } from '../answer/held-bytes.js';
import { whenOver } from '../answer/queued.js';
import { hasBody } from './has-body.js';
import { MAX_JSON_BODY_BYTES, SMALL_JSON_BODY_BYTES } from './json-body.js';

/** What all JSON bodies that are counted may have together: what is made of them may take twenty times as much. */
const ROOM_BYTES = 12 * 1024 * 1024;

/** Room for JSON bodies and what is made of them, from their first byte until their request has been answered. */
export class BodyRoom {
  readonly #held: HeldBytes;

  constructor(clock: Clock) {
    this.#held = new HeldBytes({ clock, limit: ROOM_BYTES });
  }

  /** Lets a body in when there is room for it; until then it waits where it is. Throws a Refusal `busy`. */
  readonly admit: RequestHandler = async (req, res, next) => {
    const bytes = announced(req);
    if (bytes > SMALL_JSON_BODY_BYTES) {
      const release = await this.#held.wait(bytes, whoOf(req));
      whenOver(req, res, release);
      if (req.socket.destroyed) return release();
    }
    next();
  };

  /** For a body that turns out to be larger than others of its kind. Gives how to give the room back. Throws a Refusal `busy`. */
  hold(req: Request): () => void {
    const who = whoOf(req);
    if (!this.#held.hasRoom(MAX_JSON_BODY_BYTES, who)) throw busyHolding();
    return this.#held.hold(MAX_JSON_BODY_BYTES, who);
  }
}

/** How many bytes of a body may come; as many as are read of one that does not say. */
function announced(req: Request): number {
  if (!hasBody(req.headers)) return 0;
  return Math.min(Number(req.headers['content-length'] ?? MAX_JSON_BODY_BYTES), MAX_JSON_BODY_BYTES);
}
