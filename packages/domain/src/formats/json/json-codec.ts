import { checkLayout } from '../../layout/check-layout.js';
import type { ModelLayout } from '../../layout/model-layout.js';
import { byteWidth } from '../../numbers/dtype.js';
import { viewAs } from '../../numbers/view-as.js';
import type { ByteSource, ByteStore, ModelCodec, ModelReader, ModelWriter } from '../model-format.js';
import { jsonMediaType } from './json-media-type.js';
import { createJsonModelReader } from './json-model-reader.js';
import { TensorPlaces } from '../tensor-places.js';
import { createJsonModelWriter } from './json-model-writer.js';

const CHUNK_BYTES = 64 * 1024;

/** `{tensor name: nested lists of numbers}`. It knows one kind of number, so that tensors of every dtype become F64. */
export const jsonCodec: ModelCodec = { ...jsonMediaType, dtypeOf: () => 'F64', read, write };

/** Text has no place to seek to, so all numbers are first written as float64, in the order of the file. */
function read(file: ByteSource, makeRoom: () => ByteStore, numbering?: ReadonlyMap<string, number>): ModelReader {
  const room = makeRoom();
  const begins = new Map<string, number>();
  let written = 0;
  const reader = createJsonModelReader({
    onTensorStart: (name) => void begins.set(name, written),
    onValues(values) {
      room.append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      written += values.byteLength;
    },
  });
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let at = 0; at < file.size; at += CHUNK_BYTES) {
    const part = chunk.subarray(0, file.size - at);
    file.read(part, at);
    reader.write(part);
  }
  const layout = reader.end();
  return { layout, read: readerOf(room, new TensorPlaces(begins, numbering)) };
}

/** On its own, so that it holds nothing of the file but the places. */
const readerOf = (room: ByteStore, places: TensorPlaces): ModelReader['read'] => ({ tensor, at }, into) =>
  room.read(into, places.of(tensor.name) + at * byteWidth('F64'));

function write(layout: ModelLayout): ModelWriter {
  checkLayout(layout.tensors);
  const writer = createJsonModelWriter(layout);
  return {
    head: new Uint8Array(),
    size: undefined,
    write: (elements) => writer.write(viewAs(Float64Array, elements)),
    end: () => writer.end(),
  };
}
