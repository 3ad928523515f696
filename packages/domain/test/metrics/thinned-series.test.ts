import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ThinnedSeries, type Reach } from '../../src/index.js';

const flat = (mean: number): Reach => ({ mean, min: mean, max: mean });

function thin(curves: ReadonlyArray<ReadonlyArray<Reach | undefined>>, most: number): readonly number[] {
  const total = curves[0]?.length ?? 0;
  const series = new ThinnedSeries<number>({ total, most, numCurves: curves.length });
  for (let place = 0; place < total; place++) series.add(place, curves.map((curve) => curve[place]));
  return series.points();
}

describe('a series that is made short', () => {
  it('is as it was where all of it fits', () => {
    expect(thin([[1, 2, 3].map(flat)], 3)).toEqual([0, 1, 2]);
    expect(thin([[]], 3)).toEqual([]);
    expect(thin([[undefined, flat(1), undefined]], 100)).toEqual([0, 1, 2]);
  });

  it('keeps of each bucket the first and the last point and those between which all others lie', () => {
    const values = Array.from({ length: 1200 }, (_, place) => Math.sin(place / 50));
    values[333] = 40;
    values[777] = -40;
    const kept = thin([values.map(flat)], 60);
    expect(kept).toEqual(expect.arrayContaining([0, 333, 777, 1199]));
    expect(kept.length).toBeLessThanOrEqual(60);
    expect(kept.length).toBeGreaterThan(20);
  });

  it('keeps an outlier of a single device that the mean hides, of any curve', () => {
    const quiet = Array.from({ length: 500 }, () => flat(1));
    const [high, low] = [[...quiet], [...quiet]];
    high[123] = { mean: 1, min: 1, max: 9 };
    low[321] = { mean: 1, min: -9, max: 1 };
    expect(thin([high, low], 50)).toEqual(expect.arrayContaining([123, 321]));
  });

  it('has at most as many points as are asked for, in order, each once, with the extremes of the whole', () => {
    const reach = fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true }), fc.double({ noNaN: true })).map((three) => {
      const [min, mean, max] = three.sort((a, b) => a - b);
      return { min, mean, max };
    });
    const curves = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 400 })).chain(([numCurves, length]) =>
      fc.array(fc.array(fc.option(reach, { nil: undefined }), { minLength: length, maxLength: length }), { minLength: numCurves, maxLength: numCurves }),
    );
    fc.assert(
      fc.property(curves, fc.integer({ min: 14, max: 200 }), (given, most) => {
        const kept = thin(given, most);
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect([kept[0], kept.at(-1)]).toEqual([0, given[0]!.length - 1]);
        for (const curve of given) {
          const all = curve.filter((one) => one !== undefined);
          const left = kept.flatMap((place) => curve[place] ?? []);
          for (const [pick, extreme] of [[(one: Reach) => one.min, Math.min], [(one: Reach) => one.max, Math.max], [(one: Reach) => one.mean, Math.min], [(one: Reach) => one.mean, Math.max]] as const)
            expect(extreme(...left.map(pick))).toBe(extreme(...all.map(pick)));
        }
      }),
    );
  });
});
