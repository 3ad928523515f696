/**
 * How far each of these updates lies from its `neighbours` nearest ones among them: the sum of its least squared
 * distances, added from the least on. `distances` is the matrix of all updates, `among` the ones that take part.
 */
export function krumScores(distances: Float64Array, count: number, among: readonly number[], neighbours: number): Float64Array {
  return Float64Array.from(among, (i) => {
    const others = Float64Array.from(among.filter((j) => j !== i), (j) => distances[i * count + j]!).sort();
    let score = 0;
    for (let k = 0; k < Math.min(neighbours, others.length); k++) score += others[k]!;
    return score;
  });
}

/** The places of the `count` least scores, in ascending order of place; of equal ones the first is taken. */
export function leastScores(scores: Float64Array, count: number): number[] {
  const places = Array.from(scores, (_, place) => place).toSorted((a, b) => scores[a]! - scores[b]! || a - b);
  return places.slice(0, count).toSorted((a, b) => a - b);
}
