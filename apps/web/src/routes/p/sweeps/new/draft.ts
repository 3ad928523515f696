import { emptyTried, type Tried } from './tried.js';

/** Everything on the page, as it was typed. */
export interface Draft {
  readonly experiment: string;
  readonly name: string;
  readonly method: 'grid' | 'random';
  readonly tried: readonly Tried[];
  /** How many are drawn, and by what; at random alone. */
  readonly count: string;
  readonly seed: string;
  readonly metric: string;
  readonly mode: 'min' | 'max';
  readonly jobs: string;
  readonly devices: string;
  readonly spares: string;
  readonly limit: string;
  readonly patience: string;
}

export type Change = (changes: Partial<Draft>) => void;

export const newDraft = (experiment: string | undefined): Draft => ({
  experiment: experiment ?? '',
  name: '',
  method: 'grid',
  tried: [emptyTried()],
  count: '10',
  seed: '',
  metric: '',
  mode: 'min',
  jobs: '1',
  devices: '1',
  spares: '0',
  limit: '',
  patience: '',
});
