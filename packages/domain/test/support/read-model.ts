import type { FormatName } from '../../src/formats/media-types.js';
import { modelFormats } from '../../src/formats/model-formats.js';
import type { ModelSink } from '../../src/formats/model-sink.js';
import { InvalidModel } from '../../src/layout/invalid-model.js';
import type { ModelLayout } from '../../src/layout/model-layout.js';

/** Feeds `bytes` to `sink` in chunks of the given sizes, the last one repeated. */
export function feed(sink: ModelSink, bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): ModelLayout {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[Math.min(i, sizes.length - 1)]!);
    sink.write(bytes.subarray(at, at + size));
    at += size;
  }
  return sink.end();
}

/** What becomes of a file: its layout, or where and why it is refused. */
export function outcome(format: FormatName, bytes: Uint8Array, sizes?: readonly number[], expected?: ModelLayout) {
  try {
    return { layout: feed(modelFormats[format].check(expected), bytes, sizes) };
  } catch (error) {
    if (!(error instanceof InvalidModel)) throw error;
    return { pointer: error.pointer, message: error.message };
  }
}
