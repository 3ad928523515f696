import { VergeAIError } from '../errors.js';
import { requireNode } from '../node-builtin.js';
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

export const isDictionary = (model: unknown): model is ModelDictionary =>
  typeof model === 'object' && model !== null && !isBytes(model) && !isBlob(model) && !isWebStream(model) && !isIterable(model);

const isBytes = (model: object): model is ArrayBuffer | ArrayBufferView =>
  ArrayBuffer.isView(model) || Object.prototype.toString.call(model) === '[object ArrayBuffer]';
const isBlob = (model: object): model is Blob => 'stream' in model && typeof model.stream === 'function' && 'arrayBuffer' in model;
const isWebStream = (model: object): model is ReadableStream<Uint8Array> => 'getReader' in model && typeof model.getReader === 'function';
const isIterable = (model: object): model is AsyncIterable<Uint8Array> => Symbol.asyncIterator in model;

/** @throws VergeAIError for a path outside Node, or something that is no model; what Node says of a missing file. */
export async function modelSource(model: ModelInput, size?: number): Promise<ModelSource> {
  if (typeof model === 'string') return fileSource(model);
  if (typeof model !== 'object' || model === null) throw noModel();
  if (isBytes(model)) return bytesSource(model);
  if (isBlob(model)) return blobSource(model);
  if (isWebStream(model)) return { size, replayable: false, open: () => webChunks(model) };
  if (isIterable(model)) return { size, replayable: false, open: () => model };
  return dictionarySource(model);
}

const noModel = () => new VergeAIError('`model` must be a dictionary of tensors, bytes, a Blob, a stream, or the path of a file.');

async function fileSource(path: string): Promise<ModelSource> {
  const { stat } = requireNode('node:fs/promises', 'A model given as the path of a file');
  const { createReadStream } = requireNode('node:fs', 'A model given as the path of a file');
  const { size } = await stat(path);
  return { size, replayable: true, open: () => createReadStream(path, { highWaterMark: BLOCK_BYTES }) };
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

/** Not every browser's ReadableStream is an async iterable. */
async function* webChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
