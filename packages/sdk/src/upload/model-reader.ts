import { HEAD_BYTES, sniffFormat } from '@vergeai/domain/media-types';
import { VergeAIError } from '../errors.js';
import type { ModelSource } from './model-source.js';
import type { ModelFormat } from './upload-options.js';

export interface ModelReader {
  readonly format: ModelFormat;
  /** The bytes from the beginning, counted and checked against the source's size. */
  readonly chunks: AsyncGenerator<Uint8Array, void>;
  /** What the source itself failed with, which is nobody else's fault. */
  failure(): { readonly error: unknown } | undefined;
  /** Gives the source back; does not wait for one that hangs. */
  close(): void;
}

/** Opens a source and looks at its first bytes to tell the format. `onChunk` hears of all bytes so far. */
export async function openModel(source: ModelSource, format: ModelFormat | undefined, onChunk: (loaded: number) => void): Promise<ModelReader> {
  const iterator = source.open()[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let failure: { error: unknown } | undefined;

  async function* chunks() {
    let loaded = 0;
    try {
      for (;;) {
        const chunk = first.shift() ?? (await nextChunk(iterator));
        if (chunk) loaded += chunk.length;
        requireSize(source.size, loaded, !chunk);
        if (!chunk) return;
        onChunk(loaded);
        yield chunk;
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  }

  const close = () => void iterator.return?.().then(undefined, () => {});
  try {
    for (let length = 0; length < HEAD_BYTES; ) {
      const chunk = await nextChunk(iterator);
      if (!chunk) break;
      first.push(chunk);
      length += chunk.length;
    }
  } catch (error) {
    close();
    throw error;
  }
  return { format: format ?? sniffFormat(headOf(first)), chunks: chunks(), failure: () => failure, close };
}

async function nextChunk(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const next = await iterator.next();
  if (next.done) return undefined;
  if (!ArrayBuffer.isView(next.value)) throw new VergeAIError('The stream of a model must give bytes (Uint8Array).');
  return next.value;
}

function requireSize(size: number | undefined, loaded: number, ended: boolean): void {
  if (size === undefined || loaded === size) return;
  if (loaded > size) throw new VergeAIError(`The model has more than the ${size} bytes that were announced.`);
  if (ended) throw new VergeAIError(`The model ended after ${loaded} of ${size} bytes.`);
}

/** The first bytes, of chunks that may be cut anywhere. */
function headOf(first: readonly Uint8Array[]): Uint8Array {
  const head: number[] = [];
  for (const chunk of first) head.push(...chunk.subarray(0, HEAD_BYTES - head.length));
  return Uint8Array.from(head);
}
