import {
  byteWidth,
  createJsonModelWriter,
  createModelChecker,
  elementCount,
  encode,
  encodeSafetensorsHeader,
  indicesOf,
  InvalidModel,
  pointerTo,
  quoted,
  type ModelFormat,
  type ModelLayout,
  type TensorSpec,
} from '@vergeai/domain';
import { arrayOf, BLOCK, bytesOf } from './arrays.js';
import type { Model, TrainedModel, TrainedTensor } from './model.js';

/**
 * A model file of these tensors, for instance an experiment's start model. JSON knows one kind of number, so that
 * tensors of every dtype become lists of what they hold.
 * @throws InvalidModel for a number that is not finite, data that do not fit their shape, or a name no model may use.
 */
export function encodeModel(model: Model, format: ModelFormat): Uint8Array<ArrayBuffer> {
  const tensors = Array.from(model, ([name, { dtype, shape }]) => ({ name, dtype: format === 'json' ? ('F64' as const) : dtype, shape: [...shape] }));
  return encodeWithLayout({ format, tensors }, model);
}

/**
 * The file of a trained model, as the start model's layout wants it.
 * @throws InvalidModel when the tensors are not those of the layout, or a number is not finite.
 */
export function encodeWithLayout(layout: ModelLayout, trained: TrainedModel): Uint8Array<ArrayBuffer> {
  const given = new Map<string, TrainedTensor>(trained instanceof Map ? trained : Object.entries(trained));
  const data = layout.tensors.map((spec) => fitting(spec, given.get(spec.name)));
  const names = new Set(layout.tensors.map(({ name }) => name));
  for (const name of given.keys()) {
    if (!names.has(name)) throw new InvalidModel(pointerTo(name), `Tensor ${quoted(name)} is not part of the start model.`);
  }
  return layout.format === 'json' ? encodeJson(layout, data) : encodeSafetensors(layout, data);
}

type Numbers = ArrayLike<number> | ArrayLike<bigint>;

function fitting({ name, shape }: TensorSpec, tensor: TrainedTensor | undefined): Numbers {
  const refuse = (sentence: string) => new InvalidModel(pointerTo(name), sentence);
  if (!tensor) throw refuse(`Tensor ${quoted(name)} is missing.`);
  if (tensor.shape && tensor.shape.join() !== shape.join()) {
    throw refuse(`Tensor ${quoted(name)} has shape [${tensor.shape.join(', ')}] where the start model has [${shape.join(', ')}].`);
  }
  if (tensor.data.length !== elementCount(shape)) {
    throw refuse(`Tensor ${quoted(name)} has ${tensor.data.length} numbers where its shape [${shape.join(', ')}] needs ${elementCount(shape)}.`);
  }
  return tensor.data;
}

function encodeSafetensors(layout: ModelLayout, data: readonly Numbers[]): Uint8Array<ArrayBuffer> {
  const header = encodeSafetensorsHeader(layout.tensors);
  const lengths = layout.tensors.map(({ dtype, shape }) => elementCount(shape) * byteWidth(dtype));
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, header.length));
  bytes.set(header);
  let at = header.length;
  layout.tensors.forEach((spec, i) => {
    encodeTensor(spec, data[i]!, bytes.subarray(at, at + lengths[i]!));
    at += lengths[i]!;
  });
  // The server's own check: it says which number is wrong, also one that became infinite in a narrow dtype.
  const checker = createModelChecker('safetensors', layout);
  checker.write(bytes);
  checker.end();
  return bytes;
}

function encodeTensor({ dtype }: TensorSpec, data: Numbers, out: Uint8Array): void {
  const width = byteWidth(dtype);
  // BOOL takes any number, of which the bytes of a Uint8Array may be any too.
  const asItIs = dtype !== 'BOOL' && data instanceof arrayOf[dtype] && arrayOf[dtype].BYTES_PER_ELEMENT === width;
  if (asItIs) return out.set(bytesOf(data));
  for (const { at, values } of blocksOf(data)) encode(dtype, values, out.subarray(at * width, (at + values.length) * width));
}

function encodeJson(layout: ModelLayout, data: readonly Numbers[]): Uint8Array<ArrayBuffer> {
  const writer = createJsonModelWriter(layout);
  const parts: Uint8Array[] = [];
  layout.tensors.forEach((spec, i) => {
    for (const { at, values } of blocksOf(data[i]!)) {
      requireFinite(spec, at, values);
      parts.push(writer.write(values));
    }
  });
  parts.push(writer.end());
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function requireFinite({ name, shape }: TensorSpec, from: number, values: Float64Array): void {
  const offender = values.findIndex((value) => !Number.isFinite(value));
  if (offender < 0) return;
  const indices = indicesOf(from + offender, shape);
  throw new InvalidModel(pointerTo(name, indices), `Tensor ${quoted(name)} holds ${values[offender]} at [${indices.join(', ')}]; every number must be finite.`);
}

function* blocksOf(data: Numbers): Generator<{ at: number; values: Float64Array }> {
  const block = new Float64Array(Math.min(BLOCK, data.length));
  for (let at = 0; at < data.length; at += block.length) {
    const values = block.subarray(0, Math.min(block.length, data.length - at));
    for (let i = 0; i < values.length; i++) values[i] = Number(data[at + i]);
    yield { at, values };
  }
}
