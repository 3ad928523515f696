import { mediaTypeOf } from '@vergeai/domain/media-types';
import { apiError } from '../api-error.js';
import type { Limits } from '../call-options.js';
import { InvalidRequest } from '../errors.js';
import type { ModelFormat } from '../generated/types.js';
import { streamedBody } from '../platform/node.js';
import { withRetries } from '../retry.js';
import type { Fetch } from '../settings.js';
import { Watch } from '../watch.js';
import { openModel, type ModelReader } from './model-reader.js';
import type { ModelSource } from './model-source.js';
import type { UploadOptions } from './upload-options.js';

const contentType = (format: ModelFormat) => mediaTypeOf(format).contentTypes[0];

/** A Blob can't be seen moving, so it gets the time that it takes at 16 kB/s. */
const SLOWEST_BYTES_PER_MS = 16;

/**
 * With these two, fetch never needs the request again and so does not copy it. Any other redirect mode makes it tee
 * the body (Fetch standard, HTTP-network-or-cache fetch, step 8), and the copy that nobody reads keeps every byte.
 */
const withoutCopy = { redirect: 'error', window: null } as const;

type Transfer = Pick<UploadOptions, 'format' | 'onProgress'>;

/**
 * Sends the bytes of `source` to the `url` of a ticket; resolves when the server has registered the model.
 *
 * A consumed stream can't be sent twice, so only other sources are. The ticket is ours alone, and is used up
 * in the very transaction that registers the model: when a repeated upload hears `ticket_used`, an earlier
 * attempt arrived and only its answer was lost. (A server that knows the ticket to come with an idempotency key or with a
 * job, as ours do, answers such a repetition with success, also to another process under the same key.)
 */
export function putModel(url: URL, source: ModelSource, transfer: Transfer, limits: Limits, fetch: Fetch): Promise<void> {
  return withRetries({ ...limits, maxRetries: source.replayable ? limits.maxRetries : 0 }, async (failures) => {
    try {
      await put(url, source, transfer, limits, fetch);
    } catch (error) {
      const arrivedBefore = failures > 0 && error instanceof InvalidRequest && error.code === 'ticket_used';
      if (!arrivedBefore) throw error;
    }
  });
}

async function put(url: URL, source: ModelSource, { format, onProgress }: Transfer, limits: Limits, fetch: Fetch): Promise<void> {
  const watch = new Watch('PUT', url, limits.timeoutMs, limits.signal);
  const opening = openModel(source, format, (loaded) => {
    watch.moved();
    onProgress?.({ loaded, total: source.size });
  });
  try {
    const reader = await watch.bound(opening);
    try {
      const content = streamed(reader, source) ?? (await collected(reader, source));
      if (content.body instanceof Blob) watch.moved(content.body.size / SLOWEST_BYTES_PER_MS);
      const response = await fetch(url.href, { method: 'PUT', ...withoutCopy, ...content, signal: watch.signal });
      // Nothing else says that the model was registered: another success is the word of something in between.
      if (response.status !== 204) throw await apiError(response);
      if (content.body instanceof Blob) onProgress?.({ loaded: content.body.size, total: content.body.size });
    } catch (error) {
      const failure = reader.failure();
      throw failure && !watch.signal.aborted ? failure.error : watch.explain(error);
    }
  } finally {
    watch.stop();
    opening.then(
      (reader) => reader.close(),
      () => {},
    );
  }
}

/** `content-length` lets the server refuse at once what is too large, and notice what is too short. */
function streamed({ chunks, format }: ModelReader, { size }: ModelSource): RequestInit | undefined {
  const body = streamedBody(chunks);
  return body && { body, duplex: 'half', headers: { 'content-type': contentType(format), ...(size !== undefined && { 'content-length': String(size) }) } };
}

/** Browsers send streams only over HTTP/2, so there the bytes become a Blob, which the browser may keep on disk. */
async function collected({ chunks, format }: ModelReader, { blob }: ModelSource): Promise<RequestInit> {
  const headers = { 'content-type': contentType(format) };
  if (blob) return { headers, body: blob };
  const parts: Blob[] = [];
  for await (const chunk of chunks) parts.push(new Blob([chunk]));
  return { headers, body: new Blob(parts) };
}
