import { floats } from '@vergeai/worker';

/** @typedef {{ x: number, y: number, target: number }} Row */

/**
 * What this device has seen and nobody else has: here points near a plane, each device's in a place of its own.
 * @returns {Row[]}
 */
export function ownRows() {
  const [left, top] = [Math.random() - 0.5, Math.random() - 0.5];
  return Array.from({ length: 200 }, () => {
    const [x, y] = [left + Math.random(), top + Math.random()];
    return { x, y, target: 3 * x - 2 * y + 1 + (Math.random() - 0.5) / 10 };
  });
}

/**
 * One step down the mean squared error, in place; gives the error before it.
 * @param {import('@vergeai/worker').Model} model
 * @param {Row[]} rows
 * @param {number} rate
 */
export function stepDown(model, rows, rate) {
  const [weight, bias] = [floats(model, 'weight'), floats(model, 'bias')];
  const slope = [0, 0, 0];
  let loss = 0;
  for (const { x, y, target } of rows) {
    const error = weight[0] * x + weight[1] * y + bias[0] - target;
    loss += error ** 2 / rows.length;
    [x, y, 1].forEach((input, index) => (slope[index] += (2 * error * input) / rows.length));
  }
  weight[0] -= rate * slope[0];
  weight[1] -= rate * slope[1];
  bias[0] -= rate * slope[2];
  return loss;
}
