import type { Input } from '../call.js';
import { WrittenJson } from '../write-json.js';
import { jsonWithin } from './json-chunks.js';
import { isDictionary } from './model-source.js';

const LARGEST_INLINE_LETTERS = 4 * 1024 * 1024;

/** What of an input with a model goes into the request itself: a small dictionary travels inside it, any other model does not. */
export function inlineModel({ model, ...rest }: Input): Input {
  const json = isDictionary(model) ? jsonWithin(model, LARGEST_INLINE_LETTERS) : undefined;
  return json === undefined ? rest : { ...rest, model: new WrittenJson(json) };
}
