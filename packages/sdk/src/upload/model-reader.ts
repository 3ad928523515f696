import { HEAD_BYTES, sniffFormat } from '@vergeai/domain/media-types';
import { VergeAIError } from '../errors.js';
import type { ModelFormat } from '../generated/types.js';
import { joined } from '../joined.js';
import type { ModelSource } from './model-source.js';

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
  let head: Uint8Array = new Uint8Array();
  let failure: { error: unknown } | undefined;

  async function* chunks() {
    let loaded = 0;
    try {
      for (let chunk = head.length > 0 ? head : await nextChunk(iterator); ; chunk = await nextChunk(iterator)) {
        loaded += chunk?.length ?? 0;
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
    for (let chunk; head.length < HEAD_BYTES && (chunk = await nextChunk(iterator)); ) head = joined([head, chunk]);
  } catch (error) {
    close();
    throw error;
  }
  return { format: format ?? sniffFormat(head), chunks: chunks(), failure: () => failure, close };
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
