/** The mean of some of a column's sorted values, added from the least to the greatest. A lone one comes back bit for bit. */
export function sortedMean(sorted: Float64Array, from: number, to: number): number {
  const count = to - from;
  let sum = sorted[from]!;
  for (let i = from + 1; i < to; i++) sum += sorted[i]!;
  if (Number.isFinite(sum)) return sum / count;
  // The sum is no float64, but the mean is.
  let mean = sorted[from]! / count;
  for (let i = from + 1; i < to; i++) mean += sorted[i]! / count;
  return mean;
}

/** The same of integers, exactly; a half goes to the even one. */
export function sortedInt64Mean(sorted: BigInt64Array, from: number, to: number): bigint {
  const count = BigInt(to - from);
  let sum = 0n;
  for (let i = from; i < to; i++) sum += sorted[i]!;
  return quotient(sum, count);
}

/** The nearest integer to `sum` ÷ `count`; a half goes to the even one. */
function quotient(sum: bigint, count: bigint): bigint {
  let below = sum / count;
  let rest = sum % count;
  if (rest < 0n) {
    below -= 1n;
    rest += count;
  }
  const twice = 2n * rest;
  if (twice < count) return below;
  if (twice > count) return below + 1n;
  return below % 2n === 0n ? below : below + 1n;
}
