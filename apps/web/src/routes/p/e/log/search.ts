import { countIn, listIn, oneOfIn, textIn } from '../../../../app/search.js';
import { eventTypes } from './event-types.js';

/** Which events somebody looks for, and where in the log they are. */
export interface LogSearch {
  /** Of which types, separated by commas. */
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

export function readLogSearch(search: Record<string, unknown>): LogSearch {
  const asked = listIn(search, 'types') ?? [];
  const device = textIn(search, 'device');
  return {
    types: eventTypes.filter((type) => asked.includes(type)).join(',') || undefined,
    job: countIn(search, 'job') || undefined,
    device: device !== undefined && /^[0-9a-f]{32}$/.test(device) ? device : undefined,
    order: oneOfIn(search, 'order', ['desc']),
    at: countIn(search, 'at') || undefined,
  };
}

export const isFiltered = ({ types, job, device }: LogSearch): boolean => (types ?? job ?? device) !== undefined;
