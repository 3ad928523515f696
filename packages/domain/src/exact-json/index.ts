// What server and clients need to read JSON without changing it.
export { isChangedInteger } from './changed-integer.js';
export { walkJson, type JsonPath, type JsonToken } from './walk-json.js';

/** What is nested deeper is refused, by the server and by clients. */
export const MAX_JSON_DEPTH = 64;
