import { countIn, oneOfIn, textIn } from '../../../../app/search.js';

/** Which events somebody looks for, and where in the log they are. */
export interface LogSearch {
  /** Of which types, separated by commas; as the link has it, for every page reads this and only the log knows the types. */
  readonly types?: string | undefined;
  /** The number of a job of the experiment. */
  readonly job?: number | undefined;
  /** The id of a device. */
  readonly device?: string | undefined;
  /** Oldest first when left out. */
  readonly order?: 'desc' | undefined;
  /** The number of an event to go to; the newest when left out. */
  readonly at?: number | undefined;
}

export const readLogSearch = (search: Record<string, unknown>): LogSearch => ({
  types: textIn(search, 'types'),
  job: countIn(search, 'job') || undefined,
  device: textIn(search, 'device'),
  order: oneOfIn(search, 'order', ['desc']),
  at: countIn(search, 'at') || undefined,
});
