import type { StateDict } from '@vergeai/contract';

const CHUNK_CHARACTERS = 64 * 1024;
const RUN_NUMBERS = 4096;

/** The bytes of `JSON.stringify(model)`, some 64 KiB at a time, so that a large model never becomes one string. */
export function* jsonChunks(model: StateDict): Generator<Uint8Array> {
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

/** Whether `JSON.stringify(model)` takes at most `limit` bytes; looks no further than needed. */
export function fitsJson(model: StateDict, limit: number): boolean {
  let length = 0;
  for (const chunk of jsonChunks(model)) {
    length += chunk.length;
    if (length > limit) return false;
  }
  return true;
}

function* pieces(model: StateDict): Generator<string> {
  let separator = '{';
  for (const [name, tensor] of Object.entries(model)) {
    if (tensor === undefined) continue;
    yield `${separator}${JSON.stringify(name)}:`;
    yield* tensorPieces(tensor);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

/** Lists of lists are walked with a stack; runs of numbers are left to JSON.stringify. */
function* tensorPieces(tensor: unknown): Generator<string> {
  if (!Array.isArray(tensor)) {
    yield JSON.stringify(tensor) ?? 'null';
    return;
  }
  const open = [{ list: tensor as unknown[], next: 0 }];
  yield '[';
  for (let top = open.at(-1); top; top = open.at(-1)) {
    if (top.next >= top.list.length) {
      open.pop();
      yield ']';
      continue;
    }
    if (top.next > 0) yield ',';
    const entry = top.list[top.next];
    if (Array.isArray(entry)) {
      top.next++;
      open.push({ list: entry, next: 0 });
      yield '[';
    } else {
      const run = top.list.slice(top.next, top.next + RUN_NUMBERS);
      top.next += run.length;
      yield JSON.stringify(run).slice(1, -1);
    }
  }
}
