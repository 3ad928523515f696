import type { AnswerOf } from './ask.js';
import type { EntryOf } from './pages.js';

export type ListedSweep = EntryOf<'sweep.list'>;
export type Sweep = AnswerOf<'sweep.describe'>;
export type Fork = Sweep['members'][number];

/** What a sweep or one of its forks is called: its name, or the beginning of its id. */
export const sweepName = ({ name, sweep_id }: Pick<ListedSweep, 'name' | 'sweep_id'>): string => name ?? sweep_id.slice(0, 8);
