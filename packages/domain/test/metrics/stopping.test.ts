import { describe, expect, it } from 'vitest';
import { judge, meanOf, type SeriesProgress, type StopRule } from '../../src/index.js';

const fresh: SeriesProgress = { bestValue: null, countedValue: null, stalled: 0 };

/** The number of the job after which a series with these values stops, and by which rule; undefined: after none. */
function stopsAfter(rule: StopRule, values: readonly number[]) {
  let progress = fresh;
  for (const [at, value] of values.entries()) {
    const judged = judge(rule, progress, value);
    progress = judged.progress;
    if (judged.stop) return [at + 1, judged.stop.rule];
  }
  return undefined;
}

describe('a series with a stop rule', () => {
  it('stops after so many jobs in a row that are no better, and an equal one is not', () => {
    const rule = { metric: 'loss', mode: 'min', patience: 2, min_delta: 0, threshold: null } as const;
    expect(stopsAfter(rule, [3, 2, 2, 1, 1, 1])).toEqual([6, 'patience']);
    expect(stopsAfter(rule, [3, 2, 2, 1, 1, 0.5])).toBeUndefined();
    expect(stopsAfter({ ...rule, mode: 'max' }, [1, 2, 1, 3, 2, 2])).toEqual([6, 'patience']);
  });

  it('does not take a small step for a better one, but adds small steps up', () => {
    const rule = { metric: 'loss', mode: 'min', patience: 2, min_delta: 0.1, threshold: null } as const;
    expect(stopsAfter(rule, [1, 0.95, 0.92])).toEqual([3, 'patience']);
    expect(stopsAfter(rule, [1, 0.95, 0.89, 0.85, 0.78])).toBeUndefined();
  });

  it('stops when the threshold is reached, also at once, and on the side that is better', () => {
    expect(stopsAfter({ metric: 'loss', mode: 'min', patience: null, min_delta: 0, threshold: 0.5 }, [0.7, 0.6, 0.5])).toEqual([3, 'threshold']);
    expect(stopsAfter({ metric: 'accuracy', mode: 'max', patience: null, min_delta: 0, threshold: 0.5 }, [0.4, 0.6])).toEqual([2, 'threshold']);
    expect(stopsAfter({ metric: 'accuracy', mode: 'max', patience: null, min_delta: 0, threshold: 0.5 }, [0.9])).toEqual([1, 'threshold']);
  });

  it('tells the best value, which a step too small to count may be', () => {
    const rule = { metric: 'loss', mode: 'min', patience: 1, min_delta: 0.1, threshold: null } as const;
    const { progress } = judge(rule, fresh, 1);
    expect(judge(rule, progress, 0.95)).toEqual({
      progress: { bestValue: 0.95, countedValue: 1, stalled: 1 },
      isBest: true,
      stop: { rule: 'patience', sentence: 'loss has not improved for 1 job; its best is 0.95' },
    });
  });

  it('takes nothing for a metric that nobody reported, whatever it is called', () => {
    expect(meanOf({ metrics: {} }, 'constructor')).toBeUndefined();
    expect(meanOf({ metrics: { loss: { mean: 0 } } }, 'loss')).toBe(0);
  });
});
