/** Uniform numbers in [0, 1) that a seed replays (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** The seed of this run: TEST_SEED when it is set, else a new one. Prints it, so that any run can be replayed. */
export function testSeed(what: string): number {
  const seed = Number(process.env['TEST_SEED'] ?? Math.floor(Math.random() * 0x1_0000_0000));
  console.log(`${what}: TEST_SEED=${seed}`);
  return seed;
}
