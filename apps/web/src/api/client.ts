import { VergeAI } from '@vergeai/sdk';
import { baseUrl } from './base-url.js';

/** Two tries more: what is asked for again and again has no need of many, and a person who waits should be told. */
const maxRetries = 2;

/** The API in the name of the session that the browser's cookie stands for. */
export const api = new VergeAI({ baseUrl, maxRetries, session: true });

/** To begin a session: the one call that is made with a key, which is not kept. */
export const withKey = (apiKey: string): VergeAI => new VergeAI({ baseUrl, headers: { 'X-Verge-Session': '1' }, apiKey, maxRetries: 0 });
