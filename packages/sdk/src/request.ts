import { isJson } from './api-error.js';
import { limitsOf, type CallOptions } from './call-options.js';
import { APIError } from './errors.js';
import { exchange } from './exchange.js';
import { hex } from './hex.js';
import type { PlainRequest } from './operations/compose.js';
import { readAnswer } from './read-answer.js';
import { withRetries } from './retry.js';
import type { Settings } from './settings.js';
import { Watch } from './watch.js';

/**
 * What carries every call of the API: adds the key, repeats what is safe to repeat, and turns
 * everything but a success into a typed error. All attempts of one POST carry one idempotency key.
 *
 * `wait` is for how many seconds the server was asked to be silent. Gives the body; undefined when there is none.
 */
export type ApiRequest = (request: PlainRequest, call: CallOptions, wait?: unknown) => Promise<unknown>;

export const requestEngine =
  (settings: Settings): ApiRequest =>
  (request, call, wait) => {
    const limits = limitsOf(call, settings);
    const init = requestInit(settings, request, call, { accept: 'application/json' });
    const patienceMs = limits.timeoutMs + silenceMs(wait);
    return withRetries(limits, async () => {
      const { response, watch } = await exchange(settings.fetch, request.url, init, new Watch(request.method, request.url, patienceMs, limits.signal));
      try {
        return await successBody(response);
      } catch (error) {
        throw watch.explain(error);
      } finally {
        watch.stop();
      }
    });
  };

/** A request of the API with its key and headers. Calling for it again is the same request: what is random in it is decided here. */
export function requestInit(settings: Settings, { method, json }: PlainRequest, call: CallOptions, given: Readonly<Record<string, string>>): RequestInit {
  const headers = new Headers({
    ...settings.headers,
    ...call.headers,
    ...given,
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...(method !== 'GET' && { 'idempotency-key': call.idempotencyKey ?? newIdempotencyKey() }),
  });
  // Where there is a key, the server passes the session over.
  headers.delete('authorization');
  if (settings.apiKey) headers.set('authorization', `Bearer ${settings.apiKey}`);
  else headers.set('x-verge-session', '1');
  return { method, redirect: 'manual', credentials: 'same-origin', body: json ?? null, headers };
}

async function successBody(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const notOurs = (what: string) =>
    new APIError({
      statusCode: response.status,
      detail: `The server answered ${response.status} with ${what}: does baseUrl point at the API?`,
      requestId: response.headers.get('x-request-id') ?? undefined,
    });
  if (!isJson(response)) throw notOurs('something that is not JSON');
  const text = await response.text();
  try {
    return readAnswer(text);
  } catch {
    throw notOurs('broken JSON');
  }
}

const silenceMs = (wait: unknown): number => (Number(wait) > 0 ? Number(wait) * 1000 : 0);

/** 128 random bits. Not randomUUID, which browsers keep from pages served over plain http. */
const newIdempotencyKey = (): string => hex(crypto.getRandomValues(new Uint8Array(16)));
