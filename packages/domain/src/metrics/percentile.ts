/**
 * The value below which a share of the others lies, of numbers in ascending order: between two of them, in proportion, as
 * NumPy and spreadsheets reckon it. At least one number; the share goes from 0 to 1.
 */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  const place = (ascending.length - 1) * share;
  const [below, above] = [ascending[Math.floor(place)]!, ascending[Math.ceil(place)]!];
  const part = place - Math.floor(place);
  // Not below + (above - below) * part: that difference may be infinite.
  return below === above ? below : below * (1 - part) + above * part;
}
