import { startBare, type BareServer } from './bare-server.js';
import type { Figure } from './result.js';
import { median } from './statistics.js';

/** What a call of a client took. */
export interface ClientCall {
  /** Microseconds, from asking until the answer is there. */
  readonly wallUs: number;
  /** Microseconds of the processor, of that process. */
  readonly cpuUs: number;
}

const ID = '64fb44b25e0d48d2b74e120513687bd7';
// What the reference page prints.
const MODEL = { entity_id: ID, name: `${ID}/${ID}/start_model`, size: '403693' };
const ANSWER = { ID, jobs: [], hyperparameters: { learning_rate: 0.01 }, current_job: 'NONE', start_model: MODEL, current_model: MODEL, is_active: false };

/** The path of `Experiment.get` that `startAnswering` answers. */
export const CALLED = `/v1/experiment/get/${ID}/${ID}`;

/** A bare server that answers it, so that no server of ours is what is measured. */
export const startAnswering = (): Promise<BareServer> => startBare('bare-express', { ANSWERS: JSON.stringify({ get: ANSWER, create: ANSWER }) });

/** The lines of the table about one way to call; the ratio is the median of those of neighbouring rounds. */
export function callFigures(label: string, { bare, ours }: { readonly bare: readonly ClientCall[]; readonly ours: readonly ClientCall[] }): Figure[] {
  return (['wallUs', 'cpuUs'] as const).map((unit) => ({
    label: `${label}, ${unit === 'wallUs' ? 'µs' : 'µs of the processor'}`,
    bare: median(bare.map((one) => one[unit])).toFixed(0),
    ours: median(ours.map((one) => one[unit])).toFixed(0),
    value: median(ours.map((one, round) => one[unit] / bare[round]![unit])),
  }));
}
