import type { CallOptions } from '../call-options.js';
import type { Context } from '../context.js';
import { bodyChunks, exchange } from '../exchange.js';
import { readAnswer } from '../read-answer.js';
import { requestInit } from '../request.js';
import { Watch } from '../watch.js';
import { readMessages } from './read-messages.js';

/** The server says something at least every ten seconds. */
const LONGEST_SILENCE_MS = 25_000;

export interface StreamPlace {
  readonly url: string;
  /** The number of the last message that is known already, where they have numbers. */
  readonly after?: number;
  /** Something came, be it only a sign of life. */
  readonly onBytes: () => void;
}

/**
 * What one connection tells, until it ends.
 * @throws what a call throws, and TimeoutError when the server falls silent
 * @returns undefined when what answers does not stream
 */
export async function openStream<Message>({ url, after, onBytes }: StreamPlace, { settings }: Context, call: CallOptions): Promise<AsyncGenerator<Message, void> | undefined> {
  const silenceMs = Math.min(call.timeoutMs ?? settings.timeoutMs, LONGEST_SILENCE_MS);
  const init = requestInit(settings, { method: 'GET', url }, call, { accept: 'text/event-stream', ...(after !== undefined && { 'last-event-id': String(after) }) });
  const answer = await exchange(settings.fetch, url, init, new Watch('GET', url, silenceMs, call.signal));
  const { response, watch } = answer;
  if (response.body && /^text\/event-stream\b/.test(response.headers.get('content-type') ?? '')) return messages(bodyChunks(answer), onBytes);
  watch.stop();
  return undefined;
}

async function* messages<Message>(bytes: AsyncGenerator<Uint8Array, void>, onBytes: () => void): AsyncGenerator<Message, void> {
  async function* chunks() {
    for await (const chunk of bytes) {
      onBytes();
      yield chunk;
    }
  }
  for await (const data of readMessages(chunks())) yield readAnswer(data) as Message;
}
