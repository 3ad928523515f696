import { apiError } from './api-error.js';
import type { Fetch } from './settings.js';
import type { Watch } from './watch.js';

/** An answer that is a success, and what watches over its being read. */
export interface Exchange {
  readonly response: Response;
  /** Must be stopped when the answer has been read, or is not to be. */
  readonly watch: Watch;
}

/** Asks once. @throws APIError for an answer that is not a success; what the watch has to say when there is none. */
export async function exchange(fetch: Fetch, url: string, init: RequestInit, watch: Watch): Promise<Exchange> {
  try {
    const response = await fetch(url, { ...init, signal: watch.signal });
    if (!response.ok) throw await apiError(response);
    return { response, watch };
  } catch (error) {
    watch.stop();
    throw watch.explain(error);
  }
}

/** The bytes as they come. Time runs only while they are waited for, not while the caller works on them. */
export async function* bodyChunks({ response, watch }: Exchange): AsyncGenerator<Uint8Array, void> {
  try {
    watch.moved();
    for await (const chunk of webChunks(response.body)) {
      watch.rest();
      yield chunk;
      watch.moved();
    }
  } catch (error) {
    throw watch.explain(error);
  } finally {
    watch.stop();
  }
}

/** Not every browser's ReadableStream is an async iterable. */
export async function* webChunks(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void> {
  const reader = stream?.getReader();
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) yield part.value;
  } finally {
    reader?.cancel().catch(() => {});
  }
}
