import { createModelChecker, InvalidModel, type ModelFormat, type ModelLayout, type ModelSink } from '../../src/index.js';

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
export function outcome(format: ModelFormat, bytes: Uint8Array, sizes?: readonly number[], expected?: ModelLayout) {
  try {
    return { layout: feed(createModelChecker(format, expected), bytes, sizes) };
  } catch (error) {
    if (!(error instanceof InvalidModel)) throw error;
    return { pointer: error.pointer, message: error.message };
  }
}
