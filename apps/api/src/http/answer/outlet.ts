import type { Request, RequestHandler, Response } from 'express';
import type { Config } from '../../config.js';
import { Turns } from '../../storage/turns.js';
import type { Clock } from '../../time/clock.js';
import { watchReader } from '../edge/watch-reader.js';
import { drained } from './drained.js';
import { busyHolding, HeldBytes, whoOf } from './held-bytes.js';
import { whenOver } from './queued.js';

/** What all answers that wait for their readers may take together: those that were made whole, and those that are made as they are read. */
const HELD_BYTES = { whole: 32 * 1024 * 1024, growing: 32 * 1024 * 1024 };

/** So many pieces of long answers are made at once. */
const MADE_AT_ONCE = 4;

/** What an operation has to have room for before it begins. */
const USUAL_BYTES = 64 * 1024;

export interface OutletOptions {
  readonly clock: Clock;
  readonly config: Config;
  /** Aborts when the process has been asked to stop. */
  readonly stopping: AbortSignal;
}

/** The one way out for answers: it counts what waits to be read, refuses more than there is room for, and gives up who does not read. */
export class Outlet {
  readonly turns = new Turns(MADE_AT_ONCE);
  readonly #whole: HeldBytes;
  readonly #growing: HeldBytes;
  readonly #options: OutletOptions;
  #streams = 0;
  /** How to give back what is held for answers that are not made yet. */
  readonly #rooms = new WeakMap<Response, () => void>();

  constructor(options: OutletOptions) {
    this.#whole = new HeldBytes({ clock: options.clock, limit: HELD_BYTES.whole });
    this.#growing = new HeldBytes({ clock: options.clock, limit: HELD_BYTES.growing });
    this.#options = options;
  }

  /** Before an operation does anything: whoever has left too much unread is not given more. Throws a Refusal `busy`. */
  requireRoom(req: Request): void {
    if (!this.#whole.hasRoom(USUAL_BYTES, whoOf(req))) throw busyHolding();
  }

  /** The same where an answer that is made whole may be large: waits for room for it, and holds that. Throws a Refusal `busy`. */
  async room(req: Request, res: Response, bytes: number): Promise<void> {
    if (bytes <= USUAL_BYTES || this.#rooms.has(res)) return;
    const release = await this.#whole.wait(Math.min(bytes, HELD_BYTES.whole), whoOf(req));
    this.#rooms.set(res, release);
    whenOver(req, res, release);
  }

  /** Sends a whole answer, of which headers and status are set. Throws a Refusal `busy` where nothing was done for it. */
  sendText(req: Request, res: Response, text: string): void {
    const bytes = Buffer.byteLength(text);
    const who = whoOf(req);
    if (req.method !== 'POST' && !this.#whole.hasRoom(bytes, who)) throw busyHolding();
    if (!res.hasHeader('Content-Type')) res.setHeader('Content-Type', 'application/json; charset=utf-8');
    res.setHeader('Content-Length', bytes);
    res.end(text);
    // Most answers have gone by now.
    const hasGone = res.writableLength === 0;
    if (!hasGone) whenOver(req, res, this.#whole.hold(bytes, who));
    this.#rooms.get(res)?.();
    if (hasGone) return;
    this.watch(res);
  }

  /** Holds bytes for as long as a long answer takes. Throws a Refusal `busy`. */
  async holding(req: Request, bytes: number, work: () => Promise<void>): Promise<void> {
    const release = await this.#growing.wait(bytes, whoOf(req));
    try {
      await work();
    } finally {
      release();
    }
  }

  /** Waits until the client has read what waits for it, if there is room to wait. Throws a Refusal `busy`. */
  async drain(req: Request, res: Response, bytes: number): Promise<void> {
    if (!res.writableNeedDrain) return;
    const who = whoOf(req);
    if (!this.#growing.hasRoom(bytes, who)) throw busyHolding();
    const release = this.#growing.hold(bytes, who);
    await drained(res);
    release();
  }

  /** For answers that are not made here: bytes that are sent from a file, say. */
  readonly watched: RequestHandler = (_req, res, next) => {
    this.watch(res);
    next();
  };

  /** From here on the client has to read what waits for it. */
  watch(res: Response): void {
    watchReader(res, this.#options.clock, this.#options.config.limits.upload, this.#options.stopping);
  }

  /** How many event streams are open. */
  get streams(): number {
    return this.#streams;
  }

  /** The same for an event stream, which ends when its client has gone. */
  watchStream(res: Response): void {
    this.#streams++;
    res.once('close', () => this.#streams--);
    this.watch(res);
  }
}
