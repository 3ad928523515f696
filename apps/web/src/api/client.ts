import { VergeAI } from '@vergeai/sdk';
import { baseUrl } from './base-url.js';

/** The API in the name of the session that the browser's cookie stands for: it counts only with this header. */
const headers = { 'X-Verge-Session': '1' };

/** Two tries more: what is asked for again and again has no need of many, and a person who waits should be told. */
const maxRetries = 2;

/** A session has no key, and the client of the API asks for one: what it makes of it is taken out again. */
export const api = new VergeAI({
  baseUrl,
  headers,
  maxRetries,
  apiKey: 'none',
  fetch: (url, init) => {
    const sent = new Headers(init.headers);
    sent.delete('authorization');
    return fetch(url, { ...init, headers: sent });
  },
});

/** To begin a session: the one call that is made with a key, which is not kept. */
export const withKey = (apiKey: string): VergeAI => new VergeAI({ baseUrl, headers, apiKey, maxRetries: 0 });
