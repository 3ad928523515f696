import type { Combined, ToCombine } from '../combine/combined.js';
import { weightedMean } from '../combine/weighted-mean.js';
import { blocksOf } from '../../layout/blocks.js';
import { isFloating, measuredTensors } from '../contribution.js';
import type { QFedAvgSpec } from '../specification/specification.js';
import type { Strategy } from '../strategy.js';

const BLOCK_LENGTH = 32 * 1024;
/** So that a device whose loss is as good as nothing still counts. */
const LEAST_LOSS = 1e-10;

/**
 * The start model moves towards each update the more, the higher that device's loss F of the start model is: with
 * L = 1 / `device_learning_rate`, x ← x − Σ Fᵠ·L(x − u) / Σ (q·Fᵠ⁻¹·‖L(x − u)‖² + L·Fᵠ). With q = 0 it is the mean in which
 * all count alike. Integers are averaged by Fᵠ. A power is what the engine makes of it, the same in every version of V8.
 * Source: Li et al., "Fair Resource Allocation in Federated Learning", 2020, arXiv:1905.10497, algorithm 2.
 *
 * @throws RangeError without the start model or a loss.
 */
export const qFedAvg: Strategy<QFedAvgSpec> = {
  readsStart: true,
  combine(round, { q, device_learning_rate: rate }) {
    const { contributions, reader, losses } = round;
    const inverse = 1 / rate;
    const powers = losses.map((loss) => (requireLoss(loss) + LEAST_LOSS) ** q);
    const lengths = squaredSteps(round, inverse);
    let sum = 0;
    powers.forEach((power, i) => (sum += q * (losses[i]! + LEAST_LOSS) ** (q - 1) * lengths[i]! + inverse * power));

    const start = { read: requireStart(round).read, scale: 1 };
    let total = 0;
    for (const power of powers) total += power;
    const integers = weightedMean(contributions, Float64Array.from(powers, (power) => power / total), reader);
    const [origins, updates, sums] = [new Float64Array(BLOCK_LENGTH), new Float64Array(BLOCK_LENGTH), new Float64Array(BLOCK_LENGTH)];
    return {
      blockLength: BLOCK_LENGTH,
      coefficients: Float64Array.from(powers, (power) => (power * inverse) / sum),
      selected: contributions.map(() => true),
      numbers(block) {
        if (!isFloating(block.tensor)) return integers.numbers(block);
        const [x, u, moved] = [origins.subarray(0, block.length), updates.subarray(0, block.length), sums.subarray(0, block.length).fill(0)];
        reader.read(start, block, x);
        contributions.forEach((contribution, i) => {
          reader.read(contribution, block, u);
          for (let k = 0; k < u.length; k++) moved[k]! += powers[i]! * (inverse * (x[k]! - u[k]!));
        });
        for (let k = 0; k < moved.length; k++) moved[k] = x[k]! - moved[k]! / sum;
        return moved;
      },
    } satisfies Combined;
  },
};

/** ‖L(x − u)‖² of each update, one running sum each. */
function squaredSteps(round: ToCombine, inverse: number): Float64Array {
  const { tensors, contributions, reader } = round;
  const start = { read: requireStart(round).read, scale: 1 };
  const sums = new Float64Array(contributions.length);
  const [origins, updates] = [new Float64Array(BLOCK_LENGTH), new Float64Array(BLOCK_LENGTH)];
  for (const block of blocksOf(measuredTensors(tensors), BLOCK_LENGTH)) {
    const [x, u] = [origins.subarray(0, block.length), updates.subarray(0, block.length)];
    reader.read(start, block, x);
    contributions.forEach((contribution, i) => {
      reader.read(contribution, block, u);
      let sum = sums[i]!;
      for (let k = 0; k < u.length; k++) {
        const step = inverse * (x[k]! - u[k]!);
        sum += step * step;
      }
      sums[i] = sum;
    });
  }
  return sums;
}

function requireStart({ start }: ToCombine): NonNullable<ToCombine['start']> {
  if (!start) throw new RangeError('q-FedAvg needs the model that the updates were trained from.');
  return start;
}

function requireLoss(loss: number | undefined): number {
  if (loss === undefined || !(loss > 0)) throw new RangeError('q-FedAvg needs a loss above 0 of every update.');
  return loss;
}
