import type { RoundState } from '../../src/aggregation/round.js';
import type { StrategyRequest } from '../../src/aggregation/specification/complete.js';
import { encode } from '../../src/numbers/codec.js';
import { elementsOf, numbersOf, outcomeOf, valuesOf } from './round.js';

/** What one round leaves and the next one finds, as a caller keeps it. */
export function stateKeeper() {
  let before: RoundState['before'];
  let kept = new Map<string, Uint8Array>();
  let notes = new Map<string, string>();
  const state: RoundState = {
    get before() {
      return before;
    },
    keep({ tensor, at, length }, values) {
      const whole = kept.get(tensor.name) ?? new Uint8Array(tensor.shape.reduce((product, one) => product * one, 8));
      kept.set(tensor.name, whole);
      encode('F64', values, whole.subarray(at * 8, (at + length) * 8));
    },
    note: (name, text) => void notes.set(name, text),
  };
  return {
    state,
    end() {
      before = { ...numbersOf(kept), notes };
      const ended = { kept, notes };
      [kept, notes] = [new Map(), new Map()];
      return ended;
    },
  };
}

/** Where a number goes that begins at 0, when in each round the one update lies so far from where it is. */
export function stepped(strategy: StrategyRequest, directions: readonly number[]): number[] {
  const { state, end } = stateKeeper();
  let x = 0;
  return directions.map((direction) => {
    const of = (value: number) => numbersOf(new Map([['w', elementsOf('F64', [value])]]));
    const outcome = outcomeOf(strategy, { tensors: [{ name: 'w', dtype: 'F64', shape: [1] }], start: of(x), state, updates: [{ ...of(x + direction), numExamples: null }] });
    end();
    [x] = valuesOf('F64', outcome.get('w')!) as [number];
    return x;
  });
}
