import { floats, type Model } from '@vergeai/worker';
import { CLASSES, PIXELS, picture, SIDE, type Digits } from './digits/digits.js';

const FILTERS = 8;
const KERNEL = 5;
const WEIGHTS = KERNEL * KERNEL;
/** Of the convolution, 24 by 24, pooled by twos. */
const POOLED = (SIDE - KERNEL + 1) / 2;
const CELLS = POOLED * POOLED;
const FEATURES = FILTERS * CELLS;
/** What one pooled cell sees. */
const FIELD = KERNEL + 1;

/**
 * A small convolutional network, in PyTorch's terms
 * `Sequential(Conv2d(1, 8, 5), ReLU(), MaxPool2d(2), Flatten(), Linear(1152, 10))`, trained by plain stochastic gradient
 * descent on the cross entropy. It works on the numbers of the model it is given, in place.
 */
export class Network {
  readonly #kernels: Float32Array;
  readonly #kernelBias: Float32Array;
  readonly #weights: Float32Array;
  readonly #bias: Float32Array;

  readonly #ink = new Float64Array(PIXELS);
  readonly #features = new Float64Array(FEATURES);
  /** For each feature: the pixel at which the winning patch starts; −1 where the rectifier let nothing through. */
  readonly #winner = new Int32Array(FEATURES);
  readonly #probabilities = new Float64Array(CLASSES);

  constructor(model: Model) {
    const tensor = (name: string) => floats(model, name) as Float32Array;
    this.#kernels = tensor('conv.weight');
    this.#kernelBias = tensor('conv.bias');
    this.#weights = tensor('dense.weight');
    this.#bias = tensor('dense.bias');
  }

  /** One step of gradient descent on one digit. Returns its cross entropy before the step. */
  learn(pixels: Uint8Array, label: number, learningRate: number): number {
    const error = this.#forward(pixels);
    const loss = -Math.log(Math.max(error[label]!, 1e-12));
    error[label]! -= 1;
    const [features, weights, winner] = [this.#features, this.#weights, this.#winner];
    for (let feature = 0; feature < FEATURES; feature++) {
      if (winner[feature]! < 0) continue;
      const activity = features[feature]!;
      let slope = 0;
      for (let digit = 0, at = feature; digit < CLASSES; digit++, at += FEATURES) {
        slope += weights[at]! * error[digit]!;
        weights[at]! -= learningRate * error[digit]! * activity;
      }
      this.#learnKernel(Math.floor(feature / CELLS), winner[feature]!, learningRate * slope);
    }
    for (let digit = 0; digit < CLASSES; digit++) this.#bias[digit]! -= learningRate * error[digit]!;
    return loss;
  }

  /** Mean cross entropy, and the share of digits named correctly. */
  judge(digits: Digits): { loss: number; accuracy: number } {
    let [loss, correct] = [0, 0];
    digits.labels.forEach((label, index) => {
      const probabilities = this.#forward(picture(digits, index));
      loss -= Math.log(Math.max(probabilities[label]!, 1e-12));
      if (probabilities.indexOf(Math.max(...probabilities)) === label) correct++;
    });
    return { loss: loss / digits.labels.length, accuracy: correct / digits.labels.length };
  }

  #learnKernel(filter: number, patch: number, step: number): void {
    const kernels = this.#kernels;
    const ink = this.#ink;
    this.#kernelBias[filter]! -= step;
    for (let row = 0, at = filter * WEIGHTS, pixel = patch; row < KERNEL; row++, at += KERNEL, pixel += SIDE) {
      for (let column = 0; column < KERNEL; column++) kernels[at + column]! -= step * ink[pixel + column]!;
    }
  }

  /** The probability of each digit. The array is used again by the next call. */
  #forward(pixels: Uint8Array): Float64Array {
    for (let pixel = 0; pixel < PIXELS; pixel++) this.#ink[pixel] = pixels[pixel]! / 255;
    for (let row = 0, cell = 0; row < POOLED; row++) {
      for (let column = 0; column < POOLED; column++, cell++) {
        const corner = 2 * (row * SIDE + column);
        const blank = this.#isBlank(corner);
        for (let filter = 0, feature = cell; filter < FILTERS; filter++, feature += CELLS) {
          if (blank) this.#keep(feature, this.#kernelBias[filter]!, corner);
          else this.#pool(filter, feature, corner);
        }
      }
    }
    return this.#softmax();
  }

  #isBlank(corner: number): boolean {
    const ink = this.#ink;
    for (let row = 0, pixel = corner; row < FIELD; row++, pixel += SIDE) {
      for (let column = 0; column < FIELD; column++) if (ink[pixel + column] !== 0) return false;
    }
    return true;
  }

  /** The strongest of the four responses of a filter within one cell. */
  #pool(filter: number, feature: number, corner: number): void {
    const kernels = this.#kernels;
    const ink = this.#ink;
    const bias = this.#kernelBias[filter]!;
    let upperLeft = bias;
    let upperRight = bias;
    let lowerLeft = bias;
    let lowerRight = bias;
    // Side by side: this is where the time goes.
    for (let row = 0, at = filter * WEIGHTS, pixel = corner; row < KERNEL; row++, pixel += SIDE - KERNEL) {
      for (let column = 0; column < KERNEL; column++, at++, pixel++) {
        const weight = kernels[at]!;
        upperLeft += weight * ink[pixel]!;
        upperRight += weight * ink[pixel + 1]!;
        lowerLeft += weight * ink[pixel + SIDE]!;
        lowerRight += weight * ink[pixel + SIDE + 1]!;
      }
    }
    const best = Math.max(upperLeft, upperRight, lowerLeft, lowerRight);
    const patch = best === upperLeft ? 0 : best === upperRight ? 1 : best === lowerLeft ? SIDE : SIDE + 1;
    this.#keep(feature, best, corner + patch);
  }

  #keep(feature: number, response: number, patch: number): void {
    this.#features[feature] = Math.max(0, response);
    this.#winner[feature] = response > 0 ? patch : -1;
  }

  #softmax(): Float64Array {
    const [probabilities, features, weights] = [this.#probabilities, this.#features, this.#weights];
    for (let digit = 0, at = 0; digit < CLASSES; digit++) {
      let sum = this.#bias[digit]!;
      for (let feature = 0; feature < FEATURES; feature++, at++) sum += weights[at]! * features[feature]!;
      probabilities[digit] = sum;
    }
    const highest = Math.max(...probabilities);
    let sum = 0;
    for (let digit = 0; digit < CLASSES; digit++) sum += probabilities[digit] = Math.exp(probabilities[digit]! - highest);
    for (let digit = 0; digit < CLASSES; digit++) probabilities[digit]! /= sum;
    return probabilities;
  }
}

/** Weights that have learnt nothing yet: uniform, scaled by the number of inputs (He et al. 2015, arXiv 1502.01852). */
export function newModel(random: () => number): Model {
  const uniform = (length: number, bound: number) => Float32Array.from({ length }, () => (2 * random() - 1) * bound);
  return new Map([
    ['conv.weight', { dtype: 'F32', shape: [FILTERS, 1, KERNEL, KERNEL], data: uniform(FILTERS * WEIGHTS, Math.sqrt(6 / WEIGHTS)) }],
    ['conv.bias', { dtype: 'F32', shape: [FILTERS], data: new Float32Array(FILTERS) }],
    ['dense.weight', { dtype: 'F32', shape: [CLASSES, FEATURES], data: uniform(CLASSES * FEATURES, Math.sqrt(6 / FEATURES) / 2) }],
    ['dense.bias', { dtype: 'F32', shape: [CLASSES], data: new Float32Array(CLASSES) }],
  ]);
}
