import { describe, expect, it } from 'vitest';
import { awaitedStates, canReachQuorum, drawDevices, type DeviceState } from '../../src/index.js';

/** Whole numbers below n that a seed replays (Numerical Recipes' linear congruential generator, upper bits). */
function seeded(seed: number) {
  let state = seed >>> 0;
  return (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * n);
  };
}

const ids = Array.from({ length: 10 }, (_, n) => `d${n}`);

describe('drawing devices', () => {
  const seed = Number(process.env['TEST_SEED'] ?? 20260101);
  const randomBelow = seeded(seed);

  it('draws without replacement: no device twice, none that is no candidate', () => {
    for (let round = 0; round < 200; round++) {
      const drawn = drawDevices(ids, 1 + (round % ids.length), randomBelow);
      expect(drawn).toHaveLength(1 + (round % ids.length));
      expect(new Set(drawn).size).toBe(drawn.length);
      expect(ids).toEqual(expect.arrayContaining(drawn));
    }
  });

  it('gives every device its turn, in every place', () => {
    const seen = new Set<string>();
    for (let round = 0; round < 1000; round++) drawDevices(ids, 3, randomBelow).forEach((id, place) => seen.add(`${id} in place ${place}`));
    expect(seen.size).toBe(ids.length * 3);
  });

  it('draws each set of two of four about as often as any other', () => {
    const counts = new Map<string, number>();
    for (let round = 0; round < 6000; round++) {
      const pair = drawDevices(['a', 'b', 'c', 'd'], 2, randomBelow).sort().join('');
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(count).toBeGreaterThan(800);
  });

  it('gives all of them when there are fewer than are asked for, and none of none', () => {
    expect(drawDevices(['a', 'b'], 5, randomBelow).sort()).toEqual(['a', 'b']);
    expect(drawDevices([], 1, randomBelow)).toEqual([]);
    expect(drawDevices(ids, 0, randomBelow)).toEqual([]);
  });

  it('leaves the list of candidates as it was', () => {
    const candidates = [...ids];
    drawDevices(candidates, 5, randomBelow);
    expect(candidates).toEqual(ids);
  });
});

describe('the quorum', () => {
  it.each<[boolean, DeviceState[], number]>([
    [true, ['DRAWN'], 1],
    [true, ['SUBMITTED', 'LEASED'], 2],
    [true, ['REPLACED', 'DRAWN', 'LEASED'], 2],
    [false, ['REPLACED', 'SUBMITTED'], 2],
    [false, ['REPLACED'], 1],
    [false, [], 1],
  ])('is within reach: %s, with %j of %i needed', (reachable, states, needed) => {
    expect(canReachQuorum(states, needed)).toBe(reachable);
  });

  it('waits for those drawn and those training, for nobody else', () => {
    expect([...awaitedStates]).toEqual(['DRAWN', 'LEASED']);
  });
});
