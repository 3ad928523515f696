import { VergeAIError } from './errors.js';
import { environment } from './platform/node.js';
import { pageOrigin } from './platform/other-origin.js';
import { LONGEST_TIMER_MS } from './watch.js';

/** The part of `fetch` that the client uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a client is set up. All of it may be left out where the environment has the key. */
export interface VergeAIOptions {
  /** A user key, or a device's key. Default: the environment's VERGEAI_API_KEY. */
  readonly apiKey?: string | undefined;
  /**
   * Asks in the name of the session that the browser's cookie stands for, and not with a key: for a page of the server itself, which
   * is where the API is then unless `baseUrl` says otherwise. `APIKey.create_session` begins one. An `apiKey` beside it counts in its place.
   */
  readonly session?: true | undefined;
  /** Where the API is. Default: the environment's VERGEAI_BASE_URL, else http://localhost:3000. */
  readonly baseUrl?: string | undefined;
  /** How long one attempt may stand still, in milliseconds. Default: 60 000. */
  readonly timeoutMs?: number | undefined;
  /** How often a request that failed for a passing reason is repeated. Default: 4. */
  readonly maxRetries?: number | undefined;
  /** Takes the place of the global `fetch`, for instance one that knows a proxy. */
  readonly fetch?: Fetch | undefined;
  /** Sent with every request to the API, for instance for tracing. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Settings {
  /** undefined: the browser's session counts. */
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly fetch: Fetch;
  readonly headers: Readonly<Record<string, string>>;
}

/** Fills in what was left out. Throws a VergeAIError for a missing key or a value that cannot be used. */
export function readSettings(options: VergeAIOptions): Settings {
  const { VERGEAI_API_KEY, VERGEAI_BASE_URL } = environment();
  // As the server has it: where there is a key, the session is passed over.
  const session = options.session && options.apiKey === undefined;
  return {
    apiKey: session ? undefined : usableKey(options.apiKey ?? VERGEAI_API_KEY),
    baseUrl: usableUrl(options.baseUrl ?? ((session && pageOrigin()) || VERGEAI_BASE_URL || 'http://localhost:3000')),
    timeoutMs: usableTimeout(options.timeoutMs ?? 60_000),
    maxRetries: usableCount(options.maxRetries ?? 4),
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    headers: options.headers ?? {},
  };
}

/** Checked here because `fetch` would print a key that is not a valid header value. */
function usableKey(key: string | undefined): string {
  if (!key) throw new VergeAIError('No API key: pass `apiKey`, or set VERGEAI_API_KEY.');
  if (!/^[\x21-\x7e]+$/.test(key)) throw new VergeAIError('The API key has characters that no key has.');
  return key;
}

function usableUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/.test(url.href)) {
    throw new VergeAIError('`baseUrl` must be an http or https URL without user, query or fragment.');
  }
  return url.href.replace(/\/+$/, '');
}

export function usableTimeout(timeoutMs: number): number {
  if (timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS) return timeoutMs;
  throw new VergeAIError(`\`timeoutMs\` must be more than 0 and at most ${LONGEST_TIMER_MS}.`);
}

export function usableCount(maxRetries: number): number {
  if (Number.isInteger(maxRetries) && maxRetries >= 0) return maxRetries;
  throw new VergeAIError('`maxRetries` must be a whole number, 0 or more.');
}
