import type { Aggregator } from '../../src/models/aggregate/aggregator.js';
import type { Context } from '../../src/context.js';

/** For startApi: aggregations go through `aggregate`, which has the real one to call. */
export const withAggregator = (aggregate: (real: Aggregator, ...args: Parameters<Aggregator['aggregate']>) => ReturnType<Aggregator['aggregate']>) => (ctx: Context): Context => ({
  ...ctx,
  aggregator: { aggregate: (...args) => aggregate(ctx.aggregator, ...args), close: () => ctx.aggregator.close() },
});

/** Stops aggregations while it is shut: they have made their bytes and can't hand them over. */
export class Gate {
  /** Aggregations that have arrived since the gate was made. */
  arrived = 0;
  #waiting: Array<() => void> = [];
  #isShut = false;

  shut(): void {
    this.#isShut = true;
  }

  open(): void {
    this.#isShut = false;
    for (const pass of this.#waiting.splice(0)) pass();
  }

  /** For startApi. */
  readonly before = withAggregator(async (real, ...args) => {
    const written = await real.aggregate(...args);
    this.arrived++;
    if (this.#isShut) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        args[1].addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      });
    }
    return written;
  });
}
