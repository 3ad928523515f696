import { jsonPieces } from '../write-json.js';
import type { ModelDictionary } from './model-dictionary.js';

const CHUNK_LETTERS = 64 * 1024;

/** A model as JSON, some 64 KiB at a time, so that a large one never becomes one string. @throws VergeAIError as `jsonPieces` does */
export function* jsonChunks(model: ModelDictionary): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for (const piece of jsonPieces(model, true)) {
    text += piece;
    if (text.length < CHUNK_LETTERS) continue;
    yield encoder.encode(text);
    text = '';
  }
  yield encoder.encode(text);
}

/** The model as JSON when that takes at most `limit` letters; looks no further than needed. */
export function jsonWithin(model: ModelDictionary, limit: number): string | undefined {
  let text = '';
  for (const piece of jsonPieces(model, true)) {
    text += piece;
    if (text.length > limit) return undefined;
  }
  return text;
}
