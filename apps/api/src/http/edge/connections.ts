import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../time/clock.js';

/** A client that has connected, or begun to send a request, may be silent for so long before it counts as one that sends none. */
const SILENT_MS = 500;

interface Standing {
  /** Requests whose answers have not been handed over to their last byte. */
  open: number;
  /** How much had come when the last answer was over. Whatever comes then belongs to another request. */
  readAtRest?: number;
  /** How much had come when it was looked at, and since when it is no more. */
  seen?: { readonly read: number; readonly since: number };
}

/**
 * Knows which connections of a server have no request under way. Node's own `closeIdleConnections` takes a connection on which
 * nothing ever came for busy, and one whose answer was made, but not read yet, for idle.
 */
export class Connections {
  readonly #standings = new Map<Socket, Standing>();
  readonly #clock: Clock;

  constructor(server: Server, clock: Clock) {
    this.#clock = clock;
    server.on('connection', (socket) => {
      this.#standings.set(socket, { open: 0 });
      socket.once('close', () => this.#standings.delete(socket));
    });
  }

  /** Has to hear of every request as it comes. */
  note(res: ServerResponse): void {
    const { socket } = res.req;
    const standing = this.#standings.get(socket);
    if (!standing) return;
    standing.open++;
    res.once('close', () => {
      standing.open--;
      standing.readAtRest = socket.bytesRead;
    });
  }

  /**
   * Ends those without a request under way: at once where it came to rest after one, else when nothing has come for a moment,
   * from one look to another. Look again and again, and when what has come has been read: bytes that wait in the kernel may
   * be the beginning of an upload, and ending their connection would break it.
   */
  endIdle(): void {
    const now = this.#clock.monotonic();
    for (const [socket, standing] of this.#standings) {
      const { open, readAtRest, seen } = standing;
      const read = socket.bytesRead;
      if (open > 0) continue;
      if (read === readAtRest || (read === seen?.read && now - seen.since >= SILENT_MS)) socket.destroy();
      else if (read !== seen?.read) standing.seen = { read, since: now };
    }
  }
}
