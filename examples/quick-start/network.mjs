// A network with one hidden layer: pixels → 64 rectified units → softmax over the ten digits.
import { CLASSES, PIXELS } from './digits.mjs';

export const HIDDEN = 64;

/** @typedef {import('./digits.mjs').Digit} Digit */

export class Network {
  hidden = { weight: new Float32Array(HIDDEN * PIXELS), bias: new Float32Array(HIDDEN) };
  output = { weight: new Float32Array(CLASSES * HIDDEN), bias: new Float32Array(CLASSES) };
  #activity = new Float32Array(HIDDEN);
  #probability = new Float32Array(CLASSES);

  /** @param {() => number} random for the first weights (He et al. 2015, arXiv 1502.01852) */
  constructor(random) {
    for (const [{ weight }, inputs] of /** @type {const} */ ([[this.hidden, PIXELS], [this.output, HIDDEN]])) {
      const bound = Math.sqrt(6 / inputs);
      weight.forEach((_, index) => (weight[index] = (2 * random() - 1) * bound));
    }
  }

  /**
   * How likely each digit is. The array is used again by the next call.
   * @param {Float32Array} pixels
   */
  predict(pixels) {
    const { hidden, output } = this;
    for (let unit = 0; unit < HIDDEN; unit++) {
      let sum = hidden.bias[unit];
      for (let pixel = 0, at = unit * PIXELS; pixel < PIXELS; pixel++) sum += hidden.weight[at + pixel] * pixels[pixel];
      this.#activity[unit] = Math.max(0, sum);
    }
    for (let digit = 0; digit < CLASSES; digit++) {
      let sum = output.bias[digit];
      for (let unit = 0, at = digit * HIDDEN; unit < HIDDEN; unit++) sum += output.weight[at + unit] * this.#activity[unit];
      this.#probability[digit] = sum;
    }
    return softmax(this.#probability);
  }

  /**
   * One step of gradient descent on the cross entropy of one digit.
   * @param {Digit} digit
   * @param {number} learningRate
   */
  learn({ pixels, label }, learningRate) {
    const { hidden, output } = this;
    const error = this.predict(pixels);
    error[label] -= 1;
    for (let unit = 0; unit < HIDDEN; unit++) {
      const activity = this.#activity[unit];
      let slope = 0;
      for (let digit = 0; digit < CLASSES; digit++) {
        const at = digit * HIDDEN + unit;
        slope += output.weight[at] * error[digit];
        output.weight[at] -= learningRate * error[digit] * activity;
      }
      if (activity === 0) continue;
      const step = learningRate * slope;
      for (let pixel = 0, at = unit * PIXELS; pixel < PIXELS; pixel++) hidden.weight[at + pixel] -= step * pixels[pixel];
      hidden.bias[unit] -= step;
    }
    for (let digit = 0; digit < CLASSES; digit++) output.bias[digit] -= learningRate * error[digit];
  }

  /**
   * The share of digits it names correctly.
   * @param {Digit[]} digits
   */
  accuracy(digits) {
    const correct = digits.filter(({ pixels, label }) => {
      const probability = this.predict(pixels);
      return probability.indexOf(Math.max(...probability)) === label;
    });
    return correct.length / digits.length;
  }

  /** Rounds every weight to four decimals, so that the model as JSON is short and is exactly the model that was judged. */
  round() {
    for (const { weight, bias } of [this.hidden, this.output]) {
      // Adding 0 makes a 0 of -0, which JSON does not know.
      for (const numbers of [weight, bias]) numbers.forEach((value, index) => (numbers[index] = Number(value.toFixed(4)) + 0));
    }
  }

  /** Every tensor with its name and shape, as PyTorch would call them. */
  tensors() {
    return [
      { name: 'hidden.weight', shape: [HIDDEN, PIXELS], values: this.hidden.weight },
      { name: 'hidden.bias', shape: [HIDDEN], values: this.hidden.bias },
      { name: 'output.weight', shape: [CLASSES, HIDDEN], values: this.output.weight },
      { name: 'output.bias', shape: [CLASSES], values: this.output.bias },
    ];
  }
}

/** @param {Float32Array} scores changed in place */
function softmax(scores) {
  const highest = Math.max(...scores);
  let sum = 0;
  for (let index = 0; index < scores.length; index++) sum += scores[index] = Math.exp(scores[index] - highest);
  for (let index = 0; index < scores.length; index++) scores[index] /= sum;
  return scores;
}
