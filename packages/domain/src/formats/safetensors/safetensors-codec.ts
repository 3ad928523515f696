import { InvalidModel } from '../../layout/invalid-model.js';
import { elementCount, type ModelLayout } from '../../layout/model-layout.js';
import { byteWidth } from '../../numbers/dtype.js';
import type { ByteSource, ModelCodec, ModelReader, ModelWriter } from '../model-format.js';
import { TensorPlaces } from '../tensor-places.js';
import { encodeSafetensorsHeader } from './encode-safetensors-header.js';
import { LENGTH_BYTES, readHeaderLength } from './header-length.js';
import { parseSafetensorsHeader } from './safetensors-header.js';
import { safetensorsMediaType } from './safetensors-media-type.js';

/** A header that names tensors, and their elements as they are in memory. https://github.com/huggingface/safetensors#format */
export const safetensorsCodec: ModelCodec = { ...safetensorsMediaType, dtypeOf: (dtype) => dtype, read, write };

function read(file: ByteSource, _makeRoom: unknown, numbering?: ReadonlyMap<string, number>): ModelReader {
  const { layout, tensors, dataOffset, fileLength } = parseSafetensorsHeader(headerOf(file));
  if (file.size !== fileLength) {
    throw new InvalidModel('', `The safetensors file has ${file.size} bytes where its header announces ${fileLength}.`);
  }
  const begins = new Map(tensors.map(({ name, begin }) => [name, dataOffset + begin]));
  return { layout, read: readerOf(file, new TensorPlaces(begins, numbering)) };
}

/** On its own, so that it holds nothing of the header but the places. */
const readerOf = (file: ByteSource, places: TensorPlaces): ModelReader['read'] => ({ tensor, at }, into) =>
  file.read(into, places.of(tensor.name) + at * byteWidth(tensor.dtype));

/** Length and header, or as much as there is of them. */
function headerOf(file: ByteSource): Uint8Array {
  const length = new Uint8Array(Math.min(LENGTH_BYTES, file.size));
  file.read(length, 0);
  if (length.length < LENGTH_BYTES) return length;
  const header = new Uint8Array(Math.min(LENGTH_BYTES + readHeaderLength(length), file.size));
  file.read(header, 0);
  return header;
}

function write({ tensors }: ModelLayout): ModelWriter {
  const head = encodeSafetensorsHeader(tensors);
  const size = tensors.reduce((sum, { dtype, shape }) => sum + elementCount(shape) * byteWidth(dtype), head.length);
  let left = size - head.length;
  return {
    head,
    size,
    write(elements) {
      left -= elements.length;
      if (left < 0) throw new RangeError('There are more elements than the layout has.');
      return elements;
    },
    end() {
      if (left > 0) throw new RangeError('There are fewer elements than the layout has.');
      return new Uint8Array();
    },
  };
}
