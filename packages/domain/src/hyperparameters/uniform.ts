const WARM_UP = 12;

/**
 * Numbers from 0 up to 1, without 1, in steps of 2⁻⁵³: the same ones for the same seed, a whole number below 2³², on every machine. Small Fast
 * Counting (sfc32) of C. Doty-Humphrey's PractRand, which passes its tests. Not for secrets.
 */
export function uniform(seed: number): () => number {
  let [a, b, c, counter] = [seed >>> 0, 0x9e3779b9, 0x243f6a88, 1];
  const next = () => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  };
  for (let n = 0; n < WARM_UP; n++) next();
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}
