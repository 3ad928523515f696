import { IntegrityError, type VergeAI } from '@vergeai/sdk';
import type { ModelCache } from './model-cache.js';
import { persist } from './patience.js';
import { reactionTo } from './refusals.js';

const INTEGRITY_ATTEMPTS = 3;

export interface Wanted {
  readonly url: string;
  readonly size: number;
  readonly sha256: string;
}

export interface FetchOptions {
  readonly client: VergeAI;
  readonly cache: ModelCache;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** Another link to the same model, when the first one is spent. */
  readonly freshUrl: () => Promise<string>;
}

/**
 * The model from the cache, else from the server; its hash is checked either way. Comes back until the server answers.
 * @throws Setback when the server refuses it, or it is not the announced one three times; the signal's reason.
 */
export async function fetchModel(wanted: Wanted, options: FetchOptions): Promise<Uint8Array> {
  const cached = await fromCache(wanted, options);
  if (cached) return cached;
  const bytes = await download(wanted, options);
  await tried(() => options.cache.set(wanted.sha256, bytes), options);
  return bytes;
}

async function fromCache({ size, sha256 }: Wanted, options: FetchOptions): Promise<Uint8Array | undefined> {
  const bytes = await tried(() => options.cache.get(sha256), options);
  if (!bytes) return undefined;
  const intact = bytes.length === size && [undefined, sha256].includes(await sha256Of(bytes));
  if (!intact) options.log('the cached start model is not what it was; fetching it again');
  return intact ? bytes : undefined;
}

/** A cache that fails costs time, not the job. */
async function tried<T>(use: () => Promise<T> | T, { log }: FetchOptions): Promise<T | undefined> {
  try {
    return await use();
  } catch (error) {
    log(`the model cache failed: ${String(error)}`);
    return undefined;
  }
}

async function download({ url, size, sha256 }: Wanted, { client, signal, log, freshUrl }: FetchOptions): Promise<Uint8Array> {
  let broken = 0;
  const react = (error: unknown) => (error instanceof IntegrityError && ++broken < INTEGRITY_ATTEMPTS ? 'again' : reactionTo(error, 'download'));
  const onAgain = (error: unknown) => log(`can't fetch the start model yet: ${String(error)}`);
  let link: string | undefined = url;
  return persist({ react, signal, onAgain }, async (renew) => {
    if (renew) link = undefined;
    link ??= await freshUrl();
    const bytes = await client.download(link, { sha256, signal }).bytes();
    if (bytes.length !== size) throw new IntegrityError(`The model has ${bytes.length} bytes where ${size} were announced.`);
    return bytes;
  });
}

/** Undefined in a page served over plain http, where browsers have none. */
async function sha256Of(bytes: Uint8Array): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
