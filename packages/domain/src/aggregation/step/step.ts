/** What is kept of a tensor from round to round: `m`, the smoothed direction, and `v`, its smoothed square. */
export type MomentName = 'm' | 'v';

/** A step from the start model towards what the updates combine to. */
export interface Step {
  /** What each moment is before the first round. */
  readonly moments: Readonly<Partial<Record<MomentName, number>>>;
  /**
   * Moves `x` by the direction `d`, which points to where the updates combine, and the moments on. All are as long as each
   * other and changed in place; `d` is spent. `round` is 1 in the first one.
   */
  advance(x: Float64Array, d: Float64Array, moments: Readonly<Record<MomentName, Float64Array>>, round: number): void;
}
