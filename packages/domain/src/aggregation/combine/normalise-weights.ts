/**
 * Coefficients that sum to 1, up to rounding: n_k / Σ n, or 1 / K when no update tells its number
 * of examples. A single update has exactly the coefficient 1, so that it comes back bit for bit.
 * @param numExamples one entry per update, null where it was not given.
 * @throws RangeError for no updates, for numbers given by some updates only, and for any number
 * that is not positive and finite.
 */
export function normaliseWeights(numExamples: readonly (number | null)[]): Float64Array {
  if (numExamples.length === 0) throw new RangeError('There are no updates to weigh.');
  const given = numExamples.filter((count) => count !== null);
  if (given.length === 0) return new Float64Array(numExamples.length).fill(1 / numExamples.length);
  if (given.length < numExamples.length) {
    throw new RangeError('Either every update or none must give its number of examples.');
  }
  const wrong = given.find((count) => !(count > 0 && count < Infinity));
  if (wrong !== undefined) throw new RangeError(`A number of examples must be positive and finite, not ${wrong}.`);
  const sum = given.reduce((total, count) => total + count, 0);
  if (sum === Infinity) throw new RangeError('The numbers of examples are too large to be added up.');
  return Float64Array.from(given, (count) => count / sum);
}
