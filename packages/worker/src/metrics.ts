/** Without what the API does not take: numbers that are not finite. */
export const finite = (metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));

/** Collects what training reports; the last value of each name counts. */
export class Metrics {
  readonly #log: (line: string) => void;
  readonly #values = new Map<string, number>();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** The API takes finite numbers only, and a loss that is NaN should not cost the update. */
  add(metrics: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(metrics)) {
      if (Number.isFinite(value)) this.#values.set(name, value);
      else this.#log(`the metric ${name} is ${value} and is left out`);
    }
  }

  /** Undefined when there are none. */
  all(): Record<string, number> | undefined {
    return this.#values.size > 0 ? Object.fromEntries(this.#values) : undefined;
  }
}
