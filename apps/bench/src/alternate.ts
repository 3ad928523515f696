/** Measures two sides in turns, so that whatever else the machine does falls on both alike. */
export async function alternate<T>(rounds: number, bare: () => Promise<T>, ours: () => Promise<T>): Promise<{ bare: T[]; ours: T[] }> {
  const measured: { bare: T[]; ours: T[] } = { bare: [], ours: [] };
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes too.
    for (const side of round % 2 === 0 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const)) {
      measured[side].push(await (side === 'bare' ? bare() : ours()));
    }
  }
  return measured;
}
