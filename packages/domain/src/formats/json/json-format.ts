import { checkLayout } from '../../layout/check-layout.js';
import { compareLayouts } from '../../layout/compare-layouts.js';
import type { ModelLayout } from '../../layout/model-layout.js';
import { byteWidth } from '../../numbers/dtype.js';
import { viewAs } from '../../numbers/view-as.js';
import type { ByteSource, ByteStore, ModelFormat, ModelReader, ModelWriter } from '../model-format.js';
import { refuseForGood, type ModelSink } from '../model-sink.js';
import { jsonMediaType } from './json-media-type.js';
import { createJsonModelReader } from './json-model-reader.js';
import { TensorPlaces } from '../tensor-places.js';
import { createJsonModelWriter } from './json-model-writer.js';

const CHUNK_BYTES = 64 * 1024;

/** `{tensor name: nested lists of numbers}`. It knows one kind of number, so that tensors of every dtype become F64. */
export const json: ModelFormat = { ...jsonMediaType, extension: 'json', isText: true, textBytes: (_head, size) => size, dtypeOf: () => 'F64', check, read, write };

/** Names and shapes stand between the numbers, so that only the end tells the layout. */
function check(expected?: ModelLayout, maxTensors?: number): ModelSink {
  const reader = createJsonModelReader({ maxTensors });
  return refuseForGood({
    write: (chunk) => reader.write(chunk),
    end() {
      const layout = reader.end();
      if (expected) compareLayouts(expected, layout);
      return layout;
    },
  });
}

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
