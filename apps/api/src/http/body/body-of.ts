import type { IncomingMessage } from 'node:http';

/**
 * A request's body, for a reader that may stop half-way. Iterating over the request itself and stopping would take its
 * connection away: the rest of the body could not be read any more, and a client that is still sending would be told
 * of a broken connection instead of the answer.
 */
export async function* bodyOf(req: IncomingMessage): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of req.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  return undefined;
}
