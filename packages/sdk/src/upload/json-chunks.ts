import { isList, refused, requireFinite, type Path } from '../request-text.js';
import type { ModelDictionary } from './model-dictionary.js';

const CHUNK_CHARACTERS = 64 * 1024;
const RUN_NUMBERS = 4096;

/**
 * A model as JSON, some 64 KiB at a time, so that a large one never becomes one string.
 * @throws VergeAIError with an RFC 6901 pointer for what is no tensor of finite numbers in a way that JSON would hide.
 */
export function* jsonChunks(model: ModelDictionary): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for (const piece of pieces(model)) {
    text += piece;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield encoder.encode(text);
    text = '';
  }
  yield encoder.encode(text);
}

/** The model as JSON when that takes at most `limit` bytes; looks no further than needed. */
export function jsonWithin(model: ModelDictionary, limit: number): string | undefined {
  const decoder = new TextDecoder();
  let length = 0;
  let text = '';
  for (const chunk of jsonChunks(model)) {
    length += chunk.length;
    if (length > limit) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function* pieces(model: ModelDictionary): Generator<string> {
  let separator = '{';
  for (const [name, tensor] of model instanceof Map ? model : Object.entries(model)) {
    if (tensor === undefined) continue;
    yield `${separator}${JSON.stringify(name)}:`;
    yield* tensorPieces(tensor, name as string);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

/** Lists of lists are walked with a stack; numbers are written in runs. */
function* tensorPieces(tensor: unknown, name: string): Generator<string> {
  if (!isList(tensor)) {
    yield entryText(tensor, [name]);
    return;
  }
  const open = [{ list: tensor, next: 0 }];
  yield '[';
  for (let top = open.at(-1); top; top = open.at(-1)) {
    if (top.next >= top.list.length) {
      open.pop();
      yield ']';
      continue;
    }
    if (top.next > 0) yield ',';
    const entry = top.list[top.next];
    if (isList(entry)) {
      top.next++;
      open.push({ list: entry, next: 0 });
      yield '[';
    } else {
      const path = [name, ...open.slice(0, -1).map(({ next }) => next - 1)];
      const run = runText(top.list, top.next, path);
      top.next += run.length;
      yield run.join(',');
    }
  }
}

/** Up to the next list, for a model that is ragged is not to be told here. */
function runText(list: ArrayLike<unknown>, start: number, path: Path): string[] {
  const texts: string[] = [];
  const end = Math.min(list.length, start + RUN_NUMBERS);
  for (let at = start; at < end; at++) {
    const entry = list[at];
    if (typeof entry === 'number' && Number.isFinite(entry)) texts.push(String(entry));
    else if (isList(entry)) break;
    else texts.push(entryText(entry, [...path, at]));
  }
  return texts;
}

/** What is no list. The server says what is wrong with a text or a `null`; what JSON would make one of is told here. */
function entryText(entry: unknown, path: Path): string {
  if (typeof entry === 'number') requireFinite(entry, path);
  if (typeof entry === 'bigint') return String(entry);
  if (typeof entry !== 'object' || entry === null) return JSON.stringify(entry) ?? 'null';
  if ('arraySync' in entry) throw refused(path, 'is a tensor of TensorFlow.js: pass `encodeModel(await toState(network), …)` of @vergeai/worker, or its numbers, as `await tensor.array()` gives them');
  if ('data' in entry && 'shape' in entry) throw refused(path, 'is a tensor with a shape of its own: pass the bytes that `encodeModel(model, …)` of @vergeai/worker makes of all of them');
  throw refused(path, 'is no tensor: a model is one dictionary of them. Pass the one inside, such as `checkpoint.model`');
}
