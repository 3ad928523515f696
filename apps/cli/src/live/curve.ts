const HEIGHTS = '▁▂▃▄▅▆▇█';
const MISSING = '·';

const isNumber = (value: number | undefined): value is number => Number.isFinite(value);

/** Numbers as a row of bars, a letter each: `▇▅▄▃·▂▁`. What is missing is a dot. */
export function curve(values: readonly (number | undefined)[], most = values.length): string {
  const shown = values.slice(-most);
  const known = shown.filter(isNumber);
  const least = Math.min(...known);
  const span = Math.max(...known) - least;
  return shown.map((value) => (!isNumber(value) ? MISSING : HEIGHTS[span === 0 ? 0 : Math.round(((value - least) / span) * (HEIGHTS.length - 1))])).join('');
}
