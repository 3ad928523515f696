/** A measured number, as short as it says something: "0.1453", "1.2e-7", "12,345". */
export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value !== 0 && (size < 0.0001 || size >= 1e9)) return value.toExponential(3).replace(/\.?0+e/, 'e');
  return value.toLocaleString('en', size >= 1000 ? { maximumFractionDigits: 1 } : { maximumSignificantDigits: 4 });
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** "403.7 KB": a thousand of one unit are one of the next. */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** power).toLocaleString('en', { maximumFractionDigits: power === 0 ? 0 : 1 })} ${UNITS[power]}`;
}
