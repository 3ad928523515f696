import { addN, mul, scalar, square, sub, sum, tensor, tidy, type Scalar, type Tensor as TfTensor } from '@tensorflow/tfjs-core';
import type { Model, TensorData } from './model/model.js';

/** As much of a `tf.LayersModel` as is used here, so that any 4.x of it fits. */
export interface LayersModel {
  readonly layers: readonly { readonly weights: readonly LayerWeight[] }[];
}

export interface LayerWeight {
  readonly originalName: string;
  /** Left out: it is trained. */
  readonly trainable?: boolean;
  read(): TfTensor;
  write(value: TfTensor): unknown;
}

/**
 * The weights of a `tf.LayersModel` as a state: what training gives back, or, with `encodeModel`, a start model.
 *
 * A weight is called after the position of its layer and its own name: `0.kernel`, `0.bias`, `2.kernel`. TensorFlow.js
 * numbers the layers it makes, so that the same network made twice has other names; positions stay.
 */
export async function toState(model: LayersModel): Promise<Model> {
  const state: Model = new Map();
  for (const [name, weight] of namedWeights(model)) {
    const value = weight.read();
    const data = await value.data();
    const dtype = dtypes[value.dtype];
    if (!dtype) throw new TypeError(`The weight ${name} is of type ${value.dtype}, which no model file holds.`);
    // A copy: on some backends these are the tensor's own numbers.
    state.set(name, { dtype, shape: [...value.shape], data: data.slice() });
  }
  return state;
}

/**
 * Sets the weights of a `tf.LayersModel` from a state; nothing is changed unless all of it fits.
 * @throws RangeError when the state is not that of a network of the same form.
 */
export function applyState(model: LayersModel, state: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: TensorData }>): void {
  const weights = namedWeights(model);
  for (const name of state.keys()) if (!weights.has(name)) throw new RangeError(`The network has no weight ${name}; it has ${[...weights.keys()].join(', ')}.`);
  for (const [name, weight] of weights) {
    const given = state.get(name);
    if (!given) throw new RangeError(`The state has no tensor ${name}.`);
    const { shape } = weight.read();
    if (given.shape.join() !== shape.join()) throw new RangeError(`The tensor ${name} has shape [${given.shape.join(', ')}] where the network has [${shape.join(', ')}].`);
  }
  for (const [name, weight] of weights) {
    const { shape, dtype } = weight.read();
    const value = tensor(asTyped(state.get(name)!.data, dtype), shape, dtype);
    weight.write(value);
    value.dispose();
  }
}

/**
 * μ/2·Σ(w − w₀)² over the weights that are trained, with w₀ as the model that the device was given: what FedProx adds to the loss.
 * @throws RangeError when the state lacks a weight.
 * @example optimizer.minimize(() => tf.add(loss(network, batch), proximalTerm(network, model, proximalMu)));
 */
export function proximalTerm(network: LayersModel, start: ReadonlyMap<string, { readonly data: TensorData }>, proximalMu: number): Scalar {
  return tidy(() => {
    const squares = [...namedWeights(network)].filter(([, weight]) => weight.trainable !== false).map(([name, weight]) => {
      const given = start.get(name);
      if (!given) throw new RangeError(`The state has no tensor ${name}.`);
      const value = weight.read();
      return sum(square(sub(value, tensor(asTyped(given.data, value.dtype), value.shape, value.dtype))));
    });
    return mul<Scalar>(scalar(proximalMu / 2), addN(squares));
  });
}

const dtypes: Readonly<Record<string, 'F32' | 'I32' | 'BOOL'>> = { float32: 'F32', int32: 'I32', bool: 'BOOL' };

function asTyped(data: TensorData, dtype: string): Float32Array | Int32Array | Uint8Array {
  const numbers = data instanceof BigInt64Array ? Array.from(data, Number) : data;
  if (dtype === 'int32') return Int32Array.from(numbers);
  return dtype === 'bool' ? Uint8Array.from(numbers) : Float32Array.from(numbers);
}

function namedWeights({ layers }: LayersModel): Map<string, LayerWeight> {
  const named = new Map<string, LayerWeight>();
  layers.forEach(({ weights }, position) => {
    for (const weight of weights) {
      const base = `${position}.${weight.originalName.split('/').at(-1)}`;
      // Layers around other layers have several of one name.
      let name = base;
      for (let n = 1; named.has(name); n++) name = `${base}_${n}`;
      named.set(name, weight);
    }
  });
  return named;
}
