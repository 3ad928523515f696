import { floats, type Model } from '@vergeai/worker';
import { CLASSES, PIXELS, picture, type Digits } from '../digits/digits.js';

const HIDDEN = 32;

/**
 * 784 inputs, 32 rectifiers, 10 outputs: 25,450 numbers, trained by stochastic gradient descent on the cross entropy. It works
 * on the numbers of the model it is given, in place. What is 0 of a picture, four fifths of it, is left out of the work.
 */
export class Perceptron {
  readonly #inner: Float32Array;
  readonly #innerBias: Float32Array;
  readonly #outer: Float32Array;
  readonly #outerBias: Float32Array;

  /** The pixels of a picture that have ink, and how much. */
  readonly #where = new Int32Array(PIXELS);
  readonly #ink = new Float64Array(PIXELS);
  #inked = 0;
  readonly #hidden = new Float64Array(HIDDEN);
  readonly #probabilities = new Float64Array(CLASSES);

  /** What a batch adds up, and which rows of it are not 0. */
  readonly #innerSlope = new Float64Array(PIXELS * HIDDEN);
  readonly #touched = new Uint8Array(PIXELS);
  readonly #innerBiasSlope = new Float64Array(HIDDEN);
  readonly #outerSlope = new Float64Array(HIDDEN * CLASSES);
  readonly #outerBiasSlope = new Float64Array(CLASSES);

  constructor(model: Model) {
    const tensor = (name: string) => floats(model, name) as Float32Array;
    this.#inner = tensor('inner.weight');
    this.#innerBias = tensor('inner.bias');
    this.#outer = tensor('outer.weight');
    this.#outerBias = tensor('outer.bias');
  }

  /** One step down the mean slope of these digits. Returns the sum of their cross entropies before it. */
  learn(digits: Digits, batch: Uint32Array, learningRate: number): number {
    let loss = 0;
    for (const index of batch) loss += this.#slope(picture(digits, index), digits.labels[index]!);
    const rate = learningRate / batch.length;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      if (this.#touched[pixel] === 0) continue;
      this.#touched[pixel] = 0;
      step(this.#inner, this.#innerSlope, rate, pixel * HIDDEN, (pixel + 1) * HIDDEN);
    }
    step(this.#innerBias, this.#innerBiasSlope, rate, 0, HIDDEN);
    step(this.#outer, this.#outerSlope, rate, 0, HIDDEN * CLASSES);
    step(this.#outerBias, this.#outerBiasSlope, rate, 0, CLASSES);
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

  /** Adds to the slopes what one digit says. */
  #slope(pixels: Uint8Array, label: number): number {
    const error = this.#forward(pixels);
    const loss = -Math.log(Math.max(error[label]!, 1e-12));
    error[label]! -= 1;
    const [hidden, outer, outerSlope] = [this.#hidden, this.#outer, this.#outerSlope];
    const back = new Float64Array(HIDDEN);
    for (let unit = 0; unit < HIDDEN; unit++) {
      const activity = hidden[unit]!;
      if (activity <= 0) continue;
      let sum = 0;
      for (let digit = 0, at = unit * CLASSES; digit < CLASSES; digit++, at++) {
        sum += outer[at]! * error[digit]!;
        outerSlope[at]! += error[digit]! * activity;
      }
      back[unit] = sum;
      this.#innerBiasSlope[unit]! += sum;
    }
    for (let digit = 0; digit < CLASSES; digit++) this.#outerBiasSlope[digit]! += error[digit]!;
    const slope = this.#innerSlope;
    for (let i = 0; i < this.#inked; i++) {
      const [pixel, ink] = [this.#where[i]!, this.#ink[i]!];
      this.#touched[pixel] = 1;
      for (let unit = 0, at = pixel * HIDDEN; unit < HIDDEN; unit++, at++) slope[at]! += ink * back[unit]!;
    }
    return loss;
  }

  /** The probability of each digit. The array is used again by the next call. */
  #forward(pixels: Uint8Array): Float64Array {
    const [hidden, inner, probabilities, outer] = [this.#hidden, this.#inner, this.#probabilities, this.#outer];
    hidden.set(this.#innerBias);
    this.#inked = 0;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      if (pixels[pixel] === 0) continue;
      const ink = pixels[pixel]! / 255;
      this.#where[this.#inked] = pixel;
      this.#ink[this.#inked++] = ink;
      for (let unit = 0, at = pixel * HIDDEN; unit < HIDDEN; unit++, at++) hidden[unit]! += ink * inner[at]!;
    }
    probabilities.set(this.#outerBias);
    for (let unit = 0; unit < HIDDEN; unit++) {
      const activity = Math.max(0, hidden[unit]!);
      hidden[unit] = activity;
      if (activity === 0) continue;
      for (let digit = 0, at = unit * CLASSES; digit < CLASSES; digit++, at++) probabilities[digit]! += activity * outer[at]!;
    }
    const highest = Math.max(...probabilities);
    let sum = 0;
    for (let digit = 0; digit < CLASSES; digit++) sum += probabilities[digit] = Math.exp(probabilities[digit]! - highest);
    for (let digit = 0; digit < CLASSES; digit++) probabilities[digit]! /= sum;
    return probabilities;
  }
}

/** Takes the step, and leaves the slope at 0 for the next batch. */
function step(weights: Float32Array, slope: Float64Array, rate: number, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    weights[at]! -= rate * slope[at]!;
    slope[at] = 0;
  }
}

/** Weights that have learnt nothing yet: uniform, scaled by the number of inputs (He et al. 2015, arXiv 1502.01852); biases 0. */
export function newPerceptron(random: () => number): Model {
  const uniform = (inputs: number, outputs: number) => Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * Math.sqrt(6 / inputs));
  return new Map([
    ['inner.weight', { dtype: 'F32', shape: [PIXELS, HIDDEN], data: uniform(PIXELS, HIDDEN) }],
    ['inner.bias', { dtype: 'F32', shape: [HIDDEN], data: new Float32Array(HIDDEN) }],
    ['outer.weight', { dtype: 'F32', shape: [HIDDEN, CLASSES], data: uniform(HIDDEN, CLASSES) }],
    ['outer.bias', { dtype: 'F32', shape: [CLASSES], data: new Float32Array(CLASSES) }],
  ]);
}
