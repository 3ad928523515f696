import { floats, type Model } from '@vergeai/worker';
import type { Task } from '../recipe.js';

/** The tensors, as PyTorch names those of `Sequential(Linear(inputs, hidden), ReLU(), Linear(hidden, outputs))`. */
export const tensorNames = { hidden: '0.weight', hiddenBias: '0.bias', output: '2.weight', outputBias: '2.bias' } as const;

/** Less is no probability any more, but a loss without end. */
const LEAST = 1e-7;

/** What a network makes of an example, before it learns from it. */
export interface Answer {
  readonly loss: number;
  readonly isRight: boolean;
}

/**
 * A network of one hidden layer, trained by plain stochastic gradient descent: on the cross entropy of classes, or on the
 * squared error of a value. It works on the numbers of the model that it is given, in place.
 */
export class Network {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  readonly #kind: Task['kind'];
  readonly #hiddenWeights: Float32Array | Float64Array;
  readonly #hiddenBias: Float32Array | Float64Array;
  readonly #outputWeights: Float32Array | Float64Array;
  readonly #outputBias: Float32Array | Float64Array;
  readonly #activity: Float64Array;
  readonly #slope: Float64Array;
  readonly #answer: Float64Array;
  /** Which inputs are not 0: of a picture most are. */
  readonly #inked: Uint32Array;
  #inkedCount = 0;

  /** @throws RangeError when the model is not such a network. */
  constructor(model: Model, kind: Task['kind']) {
    const shapeOf = (name: string) => model.get(name)?.shape ?? [];
    const [hidden, inputs] = shapeOf(tensorNames.hidden);
    const [outputs, hiddenToo] = shapeOf(tensorNames.output);
    const fits = hidden && inputs && outputs && hidden === hiddenToo && shapeOf(tensorNames.hiddenBias).join() === `${hidden}` && shapeOf(tensorNames.outputBias).join() === `${outputs}`;
    if (!fits || model.size !== 4) throw new RangeError('The start model is no network of one hidden layer: it needs 0.weight, 0.bias, 2.weight and 2.bias, as Sequential(Linear, ReLU, Linear) has them.');
    this.#kind = kind;
    [this.inputs, this.hidden, this.outputs] = [inputs, hidden, outputs];
    this.#hiddenWeights = floats(model, tensorNames.hidden);
    this.#hiddenBias = floats(model, tensorNames.hiddenBias);
    this.#outputWeights = floats(model, tensorNames.output);
    this.#outputBias = floats(model, tensorNames.outputBias);
    this.#activity = new Float64Array(hidden);
    this.#slope = new Float64Array(hidden);
    this.#answer = new Float64Array(outputs);
    this.#inked = new Uint32Array(inputs);
  }

  /** One step of gradient descent on one example. */
  learn(row: Float32Array, target: number, learningRate: number): Answer {
    const answer = this.judge(row, target);
    // Of both losses the slope is what the network said less what it should have said.
    const error = this.#answer;
    if (this.#kind === 'classes') error[target]! -= 1;
    else error[0]! -= target;
    this.#learnOutput(error, learningRate);
    this.#learnHidden(row, learningRate);
    return answer;
  }

  /** What it makes of an example. */
  judge(row: Float32Array, target: number): Answer {
    const said = this.run(row);
    if (this.#kind === 'value') return { loss: (said[0]! - target) ** 2 / 2, isRight: false };
    let best = 0;
    for (let at = 1; at < said.length; at++) if (said[at]! > said[best]!) best = at;
    return { loss: -Math.log(Math.max(said[target]!, LEAST)), isRight: best === target };
  }

  /** The probability of each class, or the value alone. The array is used again by the next call. */
  run(row: Float32Array): Float64Array {
    this.#runHidden(row);
    for (let out = 0, at = 0; out < this.outputs; out++) {
      let sum = this.#outputBias[out]!;
      for (let unit = 0; unit < this.hidden; unit++, at++) sum += this.#outputWeights[at]! * this.#activity[unit]!;
      this.#answer[out] = sum;
    }
    if (this.#kind === 'classes') softmax(this.#answer);
    return this.#answer;
  }

  #runHidden(row: Float32Array): void {
    let count = 0;
    for (let at = 0; at < this.inputs; at++) if (row[at] !== 0) this.#inked[count++] = at;
    this.#inkedCount = count;
    for (let unit = 0, from = 0; unit < this.hidden; unit++, from += this.inputs) {
      let sum = this.#hiddenBias[unit]!;
      for (let i = 0; i < count; i++) {
        const at = this.#inked[i]!;
        sum += this.#hiddenWeights[from + at]! * row[at]!;
      }
      this.#activity[unit] = sum > 0 ? sum : 0;
    }
  }

  #learnOutput(error: Float64Array, learningRate: number): void {
    this.#slope.fill(0);
    for (let out = 0, at = 0; out < this.outputs; out++) {
      const step = learningRate * error[out]!;
      for (let unit = 0; unit < this.hidden; unit++, at++) {
        this.#slope[unit]! += this.#outputWeights[at]! * error[out]!;
        this.#outputWeights[at]! -= step * this.#activity[unit]!;
      }
      this.#outputBias[out]! -= step;
    }
  }

  #learnHidden(row: Float32Array, learningRate: number): void {
    for (let unit = 0, from = 0; unit < this.hidden; unit++, from += this.inputs) {
      // The rectifier let nothing through, and lets nothing back.
      if (this.#activity[unit] === 0) continue;
      const step = learningRate * this.#slope[unit]!;
      for (let i = 0; i < this.#inkedCount; i++) {
        const at = this.#inked[i]!;
        this.#hiddenWeights[from + at]! -= step * row[at]!;
      }
      this.#hiddenBias[unit]! -= step;
    }
  }
}

function softmax(values: Float64Array): void {
  let highest = -Infinity;
  for (const value of values) highest = Math.max(highest, value);
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] = Math.exp(values[at]! - highest);
  for (let at = 0; at < values.length; at++) values[at]! /= sum;
}
