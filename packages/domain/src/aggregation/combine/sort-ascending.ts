/** Up to here, moving one after the other into its place is quicker than the engine's sort. */
const FEW = 32;

/** Sorts numbers that are no NaN from the least to the greatest in place; −0 lies below 0. */
export function sortAscending(values: Float64Array): void {
  if (values.length > FEW) {
    values.sort();
    return;
  }
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    let k = i - 1;
    if (value === 0 && Object.is(value, -0)) {
      for (; k >= 0 && values[k]! >= 0 && !Object.is(values[k], -0); k--) values[k + 1] = values[k]!;
    } else {
      for (; k >= 0 && values[k]! > value; k--) values[k + 1] = values[k]!;
    }
    values[k + 1] = value;
  }
}
