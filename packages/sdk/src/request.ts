import type { ApiFetcherArgs } from '@ts-rest/core';
import { apiError, isJson } from './api-error.js';
import { limitsOf, type CallOptions, type Limits } from './call-options.js';
import { APIError } from './errors.js';
import { readAnswer } from './read-answer.js';
import { withRetries } from './retry.js';
import type { Settings } from './settings.js';
import { Watch } from './watch.js';

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export type ApiRequest = Pick<ApiFetcherArgs, 'path' | 'method' | 'headers' | 'rawQuery'> & {
  /** The body, which the API takes as JSON. */
  readonly json?: string;
  readonly call: CallOptions;
};

/**
 * What carries every call of the API: adds the key, repeats what is safe to repeat, and turns
 * everything but a success into a typed error. All attempts of one POST carry one idempotency key.
 */
export function requestEngine(settings: Settings): (request: ApiRequest) => Promise<Answer> {
  return async ({ path, method, headers, json, rawQuery, call }) => {
    const limits = limitsOf(call, settings);
    const init: RequestInit = {
      method,
      redirect: 'manual',
      body: json ?? null,
      headers: new Headers({
        ...settings.headers,
        ...call.headers,
        ...headers,
        ...(json !== undefined && { 'content-type': 'application/json' }),
        accept: 'application/json',
        authorization: `Bearer ${settings.apiKey}`,
        ...(method !== 'GET' && { 'idempotency-key': call.idempotencyKey ?? newIdempotencyKey() }),
      }),
    };
    const patience: Limits = { ...limits, timeoutMs: limits.timeoutMs + longPollMs(rawQuery) };
    return withRetries(limits, () => exchange(settings, path, init, patience));
  };
}

async function exchange(settings: Settings, url: string, init: RequestInit, limits: Limits): Promise<Answer> {
  const watch = new Watch(init.method!, url, limits.timeoutMs, limits.signal);
  try {
    const response = await settings.fetch(url, { ...init, signal: watch.signal });
    if (!response.ok) throw await apiError(response);
    return { status: response.status, headers: response.headers, body: await successBody(response) };
  } catch (error) {
    throw watch.explain(error);
  } finally {
    watch.stop();
  }
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

/** A long poll is silent for as long as it was asked to `wait`, in seconds. */
function longPollMs(query: unknown): number {
  const wait = Number((query as { wait?: unknown } | undefined)?.wait ?? 0);
  return wait > 0 ? wait * 1000 : 0;
}

/** 128 random bits. Not randomUUID, which browsers keep from pages served over plain http. */
function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
