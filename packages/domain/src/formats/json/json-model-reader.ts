import { JsonModelMachine, type JsonModelReaderOptions } from './json-model-machine.js';
import { refuseForGood, type ModelSink } from '../model-sink.js';

export type { JsonModelReaderOptions } from './json-model-machine.js';

// Text is decoded piece by piece, so that a chunk of any size costs the same memory.
const PIECE_BYTES = 65536;

/**
 * Reads a JSON model, `{tensor name: nested lists of numbers}`, as it streams by; neither the text
 * nor the numbers are held. Strict RFC 8259, numbers as JavaScript's Number() reads them, finite
 * only. A lone number is a tensor of shape []. Tensors are F64.
 */
export function createJsonModelReader(options: JsonModelReaderOptions = {}): ModelSink {
  const machine = new JsonModelMachine(options);
  return refuseForGood({
    write(chunk) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) machine.write(chunk.subarray(at, at + PIECE_BYTES));
    },
    end: () => machine.end(),
  });
}
