import type { ApiRequest } from './request.js';
import type { Settings } from './settings.js';

/** What the methods share. It holds the key, so nothing that a caller can reach may hold it. */
export interface Context {
  readonly settings: Settings;
  readonly request: ApiRequest;
}
