import { emptyRow, type Typed } from './hyperparameters.js';
import type { ChosenStrategy } from './strategies.js';

/** Where the start model comes from. */
export type Start = 'file' | 'recipe' | 'fork' | 'later';

/** Everything on the page, as it was typed. */
export interface Draft {
  readonly name: string;
  readonly hyperparameters: Typed;
  readonly start: Start;
  readonly file: File | undefined;
  /** What the recipe made. */
  readonly made: File | undefined;
  readonly parent: string;
  /** "start", "current" or a job's id. */
  readonly from: string;
  readonly count: string;
  readonly devices: string;
  readonly spares: string;
  readonly limit: string;
  readonly strategy: ChosenStrategy;
}

export type Change = (changes: Partial<Draft>) => void;

export const newDraft = (parent: string | undefined): Draft => ({
  name: '',
  hyperparameters: { as: 'rows', rows: [emptyRow()] },
  start: parent === undefined ? 'file' : 'fork',
  file: undefined,
  made: undefined,
  parent: parent ?? '',
  from: 'current',
  count: '1',
  devices: '1',
  spares: '0',
  limit: '',
  strategy: { type: undefined, parameters: {} },
});

/** The model that is to be sent. */
export const modelOf = ({ start, file, made }: Draft): File | undefined => (start === 'file' ? file : start === 'recipe' ? made : undefined);
