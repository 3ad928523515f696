import { finite } from './metrics.js';

const MOST_METRICS = 20;
const LONGEST_NAME = 100;

/** How far a training is, as a heartbeat tells it. */
export interface Said {
  readonly step: number;
  readonly metrics: Record<string, number>;
}

/** What a training has reported last, as far as the API takes it: a heartbeat must never be refused for it. */
export class Progress {
  #count = 0;
  #said: Said | undefined;

  note(metrics: Readonly<Record<string, number>>, step: number | undefined): void {
    const number = this.#count++;
    const named = Object.entries(finite(metrics)).filter(([name]) => name.length > 0 && name.length <= LONGEST_NAME && !/\0|\p{Surrogate}/u.test(name));
    this.#said = { step: step !== undefined && Number.isSafeInteger(step) && step >= 0 ? step : number, metrics: Object.fromEntries(named.slice(0, MOST_METRICS)) };
  }

  /** Undefined while it has said nothing. */
  get said(): Said | undefined {
    return this.#said;
  }
}
