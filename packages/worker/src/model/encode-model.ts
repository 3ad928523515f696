import { byteWidth, elementCount, encode, InvalidModel, modelCodecs, pointerTo, quoted, TensorDataChecker, wrappedNames, type FormatName, type ModelLayout, type ModelWriter, type TensorSpec } from '@vergeai/domain';
import { arrayOf, BLOCK, bytesOf } from './arrays.js';
import type { Model, TensorData, TrainedModel, TrainedTensor } from './model.js';

/**
 * A model file of these tensors, for instance an experiment's start model. JSON knows one kind of number, so that
 * tensors of every dtype become lists of what they hold.
 * @throws InvalidModel for a number that is not finite, data that do not fit their shape, or a name no model may use.
 */
export function encodeModel(model: Model, format: FormatName): Uint8Array<ArrayBuffer> {
  const tensors = Array.from(model, ([name, { dtype, shape }]) => ({ name, dtype: modelCodecs[format].dtypeOf(dtype), shape: [...shape] }));
  return encodeWithLayout({ format, tensors }, model);
}

/**
 * The file of a trained model, as the start model's layout wants it.
 * @throws InvalidModel when the tensors are not those of the layout, or a number is not finite.
 */
export function encodeWithLayout(layout: ModelLayout, trained: TrainedModel): Uint8Array<ArrayBuffer> {
  const given = new Map<string, TrainedTensor | TensorData>(trained instanceof Map ? trained : Object.entries(trained));
  const names = new Set(layout.tensors.map(({ name }) => name));
  const data = layout.tensors.map((spec) => {
    const tensor = given.get(spec.name);
    if (!tensor) throw new InvalidModel(pointerTo(spec.name), wrappedNames([...names], [...given.keys()]) ?? `Tensor ${quoted(spec.name)} is missing.`);
    return fitting(spec, tensor);
  });
  for (const name of given.keys()) {
    if (!names.has(name)) throw new InvalidModel(pointerTo(name), `Tensor ${quoted(name)} is not part of the start model.`);
  }
  const writer = modelCodecs[layout.format].write(layout);
  return joined(partsOf(writer, layout, data), writer.size);
}

type Numbers = ArrayLike<number> | ArrayLike<bigint>;

function fitting({ name, shape }: TensorSpec, trained: TrainedTensor | TensorData): Numbers {
  const refuse = (sentence: string) => new InvalidModel(pointerTo(name), sentence);
  const tensor: TrainedTensor = ArrayBuffer.isView(trained) ? { data: trained } : trained;
  // Types tell this to those who have them.
  if (typeof tensor.data !== 'object') throw refuse(`Tensor ${quoted(name)} has no data: give { data }, its numbers in a typed array, or that array itself.`);
  if (tensor.shape && tensor.shape.join() !== shape.join()) {
    throw refuse(`Tensor ${quoted(name)} has shape [${tensor.shape.join(', ')}] where the start model has [${shape.join(', ')}].`);
  }
  if (tensor.data.length !== elementCount(shape)) {
    throw refuse(`Tensor ${quoted(name)} has ${tensor.data.length} numbers where its shape [${shape.join(', ')}] needs ${elementCount(shape)}.`);
  }
  return tensor.data;
}

/** What the file is made of, one part after the other, each good until the next is asked for. */
function* partsOf(writer: ModelWriter, layout: ModelLayout, data: readonly Numbers[]): Generator<Uint8Array> {
  yield writer.head;
  for (const [i, spec] of layout.tensors.entries()) {
    // The server's own check: it says which number is wrong, also one that became infinite in a narrow dtype.
    const checker = new TensorDataChecker(spec);
    for (const elements of elementsOf(spec, data[i]!)) {
      checker.write(elements);
      yield writer.write(elements);
    }
  }
  yield writer.end();
}

function* elementsOf({ dtype }: TensorSpec, data: Numbers): Generator<Uint8Array> {
  const width = byteWidth(dtype);
  // BOOL takes any number, of which the bytes of a Uint8Array may be any too.
  if (dtype !== 'BOOL' && data instanceof arrayOf[dtype] && arrayOf[dtype].BYTES_PER_ELEMENT === width) {
    const bytes = bytesOf(data);
    for (let at = 0; at < bytes.length; at += BLOCK * width) yield bytes.subarray(at, at + BLOCK * width);
    return;
  }
  const block = new Float64Array(Math.min(BLOCK, data.length));
  const encoded = new Uint8Array(block.length * width);
  for (let at = 0; at < data.length; at += BLOCK) {
    const values = block.subarray(0, data.length - at);
    for (let i = 0; i < values.length; i++) values[i] = Number(data[at + i]);
    const elements = encoded.subarray(0, values.length * width);
    encode(dtype, values, elements);
    yield elements;
  }
}

/** Without a known size the parts are held until their lengths are known. */
function joined(parts: Iterable<Uint8Array>, size: number | undefined): Uint8Array<ArrayBuffer> {
  if (size === undefined) {
    const held = [...parts];
    return joined(held, held.reduce((sum, part) => sum + part.length, 0));
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
