import type { Fetch } from '@vergeai/sdk';

interface Telling {
  readonly verbose: boolean;
  readonly note: (line: string) => void;
}

/** `fetch`, telling what is worth telling: each request when that was asked for, else that it takes a second try. */
export function watchFetch({ verbose, note }: Telling): Fetch {
  let failures = 0;
  const failed = (what: string) => {
    if (++failures === 2) note(`${what}; trying again…`);
  };
  return async (url, init) => {
    const startedAt = performance.now();
    // Without the query, which may hold a ticket, and without the headers, which hold the key.
    const { origin, pathname } = new URL(url);
    const tell = (outcome: string) => verbose && note(`${init.method ?? 'GET'} ${origin}${pathname} ${outcome} ${(performance.now() - startedAt).toFixed(0)} ms`);
    try {
      const response = await globalThis.fetch(url, init);
      tell(`${response.status} ${response.headers.get('x-request-id') ?? ''}`.trim());
      if (response.status === 429 || response.status >= 502) failed(`The server answers ${response.status}`);
      else failures = 0;
      return response;
    } catch (error) {
      tell('no answer');
      if (!init.signal?.aborted) failed(`${origin} is not reachable`);
      throw error;
    }
  };
}
