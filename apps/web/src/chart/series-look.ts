const COLOURS = 8;
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3]];

/** How the n-th line looks: eight colours in their order, then the same with dashes, so that no two of 24 are alike. */
export const seriesLook = (n: number): { readonly colour: string; readonly dash: readonly number[] } => ({ colour: `var(--series-${(n % COLOURS) + 1})`, dash: DASHES[Math.floor(n / COLOURS) % DASHES.length]! });
