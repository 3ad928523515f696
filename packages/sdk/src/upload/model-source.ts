import { VergeAIError } from '../errors.js';
import { webChunks } from '../exchange.js';
import { openableFile } from '../platform/node.js';
import { jsonChunks } from './json-chunks.js';
import type { ModelDictionary } from './model-dictionary.js';

/**
 * A model as a caller may have it: a dictionary of nested lists or typed arrays; bytes, a Blob, a stream of bytes (of the web,
 * of Node, or any async iterable) in JSON or safetensors format; or, in Node, the path of such a file.
 */
export type ModelInput = ModelDictionary | string | Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Where the bytes of an upload come from. */
export interface ModelSource {
  /** In bytes, when it is known beforehand. */
  readonly size: number | undefined;
  /** Whether `open` gives the same bytes again. */
  readonly replayable: boolean;
  /** The bytes as something that a browser sends without reading them into memory. */
  readonly blob?: Blob;
  open(): AsyncIterable<Uint8Array>;
}

const BLOCK_BYTES = 256 * 1024;

/** What kind of thing a model was given as. */
function kindOf(model: unknown): 'path' | 'bytes' | 'blob' | 'stream' | 'iterable' | 'dictionary' | undefined {
  if (typeof model === 'string') return 'path';
  if (typeof model !== 'object' || model === null) return undefined;
  // One of another realm, such as a frame, has another class.
  if (ArrayBuffer.isView(model) || Object.prototype.toString.call(model) === '[object ArrayBuffer]') return 'bytes';
  if ('arrayBuffer' in model && 'stream' in model) return 'blob';
  if ('getReader' in model && typeof model.getReader === 'function') return 'stream';
  return Symbol.asyncIterator in model ? 'iterable' : 'dictionary';
}

export const isDictionary = (model: unknown): model is ModelDictionary => kindOf(model) === 'dictionary';

/** @throws VergeAIError for a path outside Node, or something that is no model; what Node says of a missing file. */
export async function modelSource(model: ModelInput, size?: number): Promise<ModelSource> {
  switch (kindOf(model)) {
    case 'path':
      return { replayable: true, ...(await openableFile(model as string, BLOCK_BYTES)) };
    case 'bytes':
      return bytesSource(model as ArrayBuffer | ArrayBufferView);
    case 'blob':
      return blobSource(model as Blob);
    case 'stream':
      return { size, replayable: false, open: () => webChunks(model as ReadableStream<Uint8Array>) };
    case 'iterable':
      return { size, replayable: false, open: () => model as AsyncIterable<Uint8Array> };
    case 'dictionary':
      return dictionarySource(model as ModelDictionary);
    default:
      throw new VergeAIError('`model` must be a dictionary of tensors, bytes, a Blob, a stream, or the path of a file.');
  }
}

function bytesSource(model: ArrayBuffer | ArrayBufferView): ModelSource {
  const bytes = ArrayBuffer.isView(model) ? new Uint8Array(model.buffer, model.byteOffset, model.byteLength) : new Uint8Array(model);
  return {
    size: bytes.length,
    replayable: true,
    async *open() {
      for (let start = 0; start < bytes.length; start += BLOCK_BYTES) yield bytes.subarray(start, start + BLOCK_BYTES);
    },
  };
}

const blobSource = (blob: Blob): ModelSource => ({
  size: blob.size,
  replayable: true,
  blob,
  open: () => webChunks(blob.stream()),
});

const dictionarySource = (model: ModelDictionary): ModelSource => ({
  size: undefined,
  replayable: true,
  async *open() {
    yield* jsonChunks(model);
  },
});
