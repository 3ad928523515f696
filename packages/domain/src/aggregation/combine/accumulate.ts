// Two functions with the same body: V8 compiles one for each kind of array, where a shared one
// would have to ask at every element which kind it has. Eight elements a turn halve the time.

/** acc[i] += coefficient × values[i]; lengths must agree. */
export function accumulateFloat64(acc: Float64Array, values: Float64Array, coefficient: number): void {
  const { length } = values;
  let i = 0;
  for (const end = length - (length % 8); i < end; i += 8) {
    acc[i]! += coefficient * values[i]!;
    acc[i + 1]! += coefficient * values[i + 1]!;
    acc[i + 2]! += coefficient * values[i + 2]!;
    acc[i + 3]! += coefficient * values[i + 3]!;
    acc[i + 4]! += coefficient * values[i + 4]!;
    acc[i + 5]! += coefficient * values[i + 5]!;
    acc[i + 6]! += coefficient * values[i + 6]!;
    acc[i + 7]! += coefficient * values[i + 7]!;
  }
  for (; i < length; i++) acc[i]! += coefficient * values[i]!;
}

/** The same for float32 values, which need no copy in float64. */
export function accumulateFloat32(acc: Float64Array, values: Float32Array, coefficient: number): void {
  const { length } = values;
  let i = 0;
  for (const end = length - (length % 8); i < end; i += 8) {
    acc[i]! += coefficient * values[i]!;
    acc[i + 1]! += coefficient * values[i + 1]!;
    acc[i + 2]! += coefficient * values[i + 2]!;
    acc[i + 3]! += coefficient * values[i + 3]!;
    acc[i + 4]! += coefficient * values[i + 4]!;
    acc[i + 5]! += coefficient * values[i + 5]!;
    acc[i + 6]! += coefficient * values[i + 6]!;
    acc[i + 7]! += coefficient * values[i + 7]!;
  }
  for (; i < length; i++) acc[i]! += coefficient * values[i]!;
}
