/**
 * The nearest integer; a tie goes to the even one, as in IEEE 754 and numpy.rint.
 * Ties away from zero would make weights that are averaged round after round drift outwards.
 */
export function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Limits `x` to `lowest … highest`. */
export function saturate(x: number, lowest: number, highest: number): number {
  return x < lowest ? lowest : x > highest ? highest : x;
}
