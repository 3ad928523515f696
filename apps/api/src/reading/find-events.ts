import type { EventType } from '@vergeai/contract';
import { build, over, query, queryOf } from '@vergeai/db';
import type { Context } from '../context.js';

/** Where to look in a log, and from which end. */
export interface EventRange {
  /** Events with a higher number. */
  readonly after: number;
  /** Events with a lower number. */
  readonly before?: number | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
}

/** Which events; all of these must hold. */
export interface EventFilter {
  readonly types?: readonly EventType[] | undefined;
  readonly job_id?: string | undefined;
  readonly device_id?: string | undefined;
}

/** An event's number, and how long its data is. */
interface Outline {
  readonly sequence: number;
  readonly characters: number;
}

/** The most that are found at once, and one that tells whether there are more: what the longest page takes. */
export const EVENTS_AT_ONCE = 201;

/** More than any event's number. */
const BEYOND = 2_147_483_647;

/** The whole log, oldest first. */
const outlineAfter = query((at: { experimentId: string; after: number }) =>
  outlines(at.experimentId).where('sequence', '>', at.after).orderBy('sequence').limit(EVENTS_AT_ONCE));

/**
 * The next 201 events of an experiment, in their order. A page reads as many entries of an index as it has, of each type that
 * is asked for. With a job or a device it reads the events of that, and leaves out what is of other types.
 */
export async function findEvents(ctx: Context, experimentId: string, range: EventRange, filter: EventFilter = {}): Promise<readonly Outline[]> {
  const { after, before, order = 'asc' } = range;
  if (isFiltered(filter)) {
    const numbers = await ctx.db.hot.all(queryOf(numbersOf(experimentId, range, filter)), {});
    const found = numbers.map(({ sequence }) => sequence);
    return found.length === 0 ? [] : ctx.db.hot.all(queryOf(outlines(experimentId).where('sequence', 'in', found).orderBy('sequence', order)), {});
  }
  if (before === undefined && order === 'asc') return ctx.db.hot.all(outlineAfter, { experimentId, after });
  const between = outlines(experimentId).where('sequence', '>', after).where('sequence', '<', before ?? BEYOND);
  return ctx.db.hot.all(queryOf(between.orderBy('sequence', order).limit(EVENTS_AT_ONCE)), {});
}

export const isFiltered = ({ types, job_id, device_id }: EventFilter): boolean => (types ?? job_id ?? device_id) !== undefined;

function outlines(experimentId: string) {
  return build
    .selectFrom('Event')
    .select('sequence')
    .select(({ fn }) => fn<number>('length', ['data']).as('characters'))
    .where('experimentId', '=', experimentId);
}

function numbersOf(experimentId: string, range: EventRange, { types, job_id, device_id }: EventFilter) {
  const [first, ...others] = [...new Set(types)];
  // A job's events are fewer than a device's.
  const ofSubject = job_id !== undefined ? numbersWith('jobId', job_id, experimentId, range) : device_id !== undefined ? numbersWith('deviceId', device_id, experimentId, range) : undefined;
  if (ofSubject) {
    const ofDevice = job_id !== undefined && device_id !== undefined ? ofSubject.where('v.deviceId', '=', device_id) : ofSubject;
    return first === undefined ? ofDevice : ofDevice.where('v.type', 'in', [first, ...others]);
  }
  // Of each type, as no index has several of them in one order.
  const ofType = (type: EventType) => build.selectFrom(numbersWith('type', type, experimentId, range).as('ofType')).select('sequence');
  const all = others.reduce((union, type) => union.unionAll(ofType(type)), ofType(first!));
  return build.selectFrom(all.as('ofTypes')).select('sequence').orderBy('sequence', range.order ?? 'asc').limit(EVENTS_AT_ONCE);
}

const v = over('Event as v');

/**
 * The numbers of the first 201 events in a range that have a value in a column. Asked for as a stretch of the index that begins with
 * that column: given the value and the range apart, SQLite may walk through the range for it, and so does PostgreSQL for a value
 * that it knows to be frequent, though there may be none where it walks.
 */
const numbersWith = (column: 'type' | 'jobId' | 'deviceId', value: string, experimentId: string, { after, before = BEYOND, order = 'asc' }: EventRange) =>
  build
    .selectFrom('Event as v')
    .select('v.sequence')
    .where('v.experimentId', '=', experimentId)
    .where(v(v.refTuple(`v.${column}`, 'v.sequence'), '>', v.tuple(value, after)))
    .where(v(v.refTuple(`v.${column}`, 'v.sequence'), '<', v.tuple(value, before)))
    .orderBy(`v.${column}`, order)
    .orderBy('v.sequence', order)
    .limit(EVENTS_AT_ONCE);
