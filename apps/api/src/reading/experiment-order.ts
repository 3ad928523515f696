import { build, over, queryOf } from '@vergeai/db';
import type { Context } from '../context.js';
import { matching, type ExperimentFilter } from './experiment-filter.js';
import { badCursor, type PageRequest } from './page.js';

/** What experiments are sorted by. */
export interface ExperimentOrder {
  readonly sort: 'created' | 'updated' | 'name' | 'metric';
  /** With `metric`. */
  readonly metric?: string | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
}

type Direction = 'asc' | 'desc';

/** What an order goes by, and where it is the same, the id. */
interface Place<Key> {
  readonly key: Key;
  readonly id: string;
}

/**
 * A stretch of a sorted list. Those that lack what it is sorted by are one of their own, at the end: the databases differ in
 * where they put them.
 */
interface Stretch<Key> {
  /** Begins the cursors that lie in it. */
  readonly mark: string;
  readonly write: (key: Key) => string;
  /** Undefined: it is not what `write` makes. */
  readonly read: (text: string) => Key | undefined;
  readonly find: (ctx: Context, at: Asked, after: Place<Key> | undefined) => readonly Place<Key>[] | Promise<readonly Place<Key>[]>;
}

interface Asked {
  readonly projectId: string;
  readonly filter: ExperimentFilter;
  readonly take: number;
}

const e = over('Experiment as e');
const beyond = (direction: Direction) => (direction === 'desc' ? '<' : '>');

const time = { write: (key: Date) => String(key.getTime()), read: (text: string) => (/^\d{1,14}$/.test(text) ? new Date(Number(text)) : undefined) };

function byTime(mark: string, column: 'e.createdAt' | 'e.updatedAt', direction: Direction, only = e.and([])): Stretch<Date> {
  const rows = build.selectFrom('Experiment as e').select(['e.id', `${column} as key`]).orderBy(column, direction).orderBy('e.id', direction);
  return {
    mark,
    ...time,
    find: (ctx, { projectId, filter, take }, after) =>
      ctx.db.hot.all(
        queryOf(
          rows
            .where(matching(projectId, filter))
            .where(only)
            .where(after ? e(e.refTuple(column, 'e.id'), beyond(direction), e.tuple(after.key, after.id)) : e.and([]))
            .limit(take),
        ),
        {},
      ),
  };
}

const byName = (direction: Direction): Stretch<string> => ({
  mark: 'n',
  write: (key) => key,
  // A database takes no NUL.
  read: (text) => (text.includes('\0') ? undefined : text),
  find: async (ctx, { projectId, filter, take }, after) =>
    ctx.db.hot.all(
      queryOf(
        build
          .selectFrom('Experiment as e')
          .select(['e.id', 'e.searchName as key'])
          .$narrowType<{ key: string }>()
          .where(matching(projectId, filter))
          .where('e.searchName', 'is not', null)
          .where(after ? e(e.refTuple('e.searchName', 'e.id'), beyond(direction), e.tuple(after.key, after.id)) : e.and([]))
          .orderBy('e.searchName', direction)
          .orderBy('e.id', direction)
          .limit(take),
      ),
      {},
    ),
});

const m = over('ExperimentMetric as m');

const byMetric = (metric: string, direction: Direction): Stretch<number> => ({
  mark: 'm',
  write: String,
  read: (text) => (Number.isFinite(Number(text)) ? Number(text) : undefined),
  find: (ctx, { projectId, filter, take }, after) =>
    ctx.db.hot.all(
      queryOf(
        build
          // A cross join is one that SQLite does not turn round: values come in their order.
          .selectFrom('ExperimentMetric as m')
          .crossJoin('Experiment as e')
          .select(['e.id', 'm.value as key'])
          .where('m.projectId', '=', projectId)
          .where('m.name', '=', metric)
          .whereRef('e.id', '=', 'm.experimentId')
          .whereRef('e.lastCompletedJobId', '=', 'm.jobId')
          .where(matching(projectId, filter))
          .where(after ? m(m.refTuple('m.value', 'm.experimentId'), beyond(direction), m.tuple(after.key, after.id)) : m.and([]))
          .orderBy('m.value', direction)
          .orderBy('m.experimentId', direction)
          .limit(take),
      ),
      {},
    ),
});

const hasMetric = (metric: string) =>
  e.exists(
    e
      .selectFrom('ExperimentMetric as m')
      .select('m.position')
      .whereRef('m.experimentId', '=', 'e.id')
      .whereRef('m.jobId', '=', 'e.lastCompletedJobId')
      .where('m.name', '=', metric),
  );

// Every key goes with the stretch it came from.
// oxlint-disable-next-line typescript/no-explicit-any -- TypeScript has no word for "some key, the same throughout"
type AnyStretch = Stretch<any>;

function stretchesOf({ sort, metric, order }: ExperimentOrder): readonly AnyStretch[] {
  switch (sort) {
    case 'created':
      return [byTime('c', 'e.createdAt', order ?? 'desc')];
    case 'updated':
      return [byTime('u', 'e.updatedAt', order ?? 'desc')];
    case 'name':
      return [byName(order ?? 'asc'), byTime('o', 'e.createdAt', 'desc', e('e.searchName', 'is', null))];
    case 'metric':
      return [byMetric(metric!, order ?? 'desc'), byTime('o', 'e.createdAt', 'desc', e.not(hasMetric(metric!)))];
  }
}

/** The ids of a page of a project's experiments, in an order. Throws a Refusal for a cursor that was given out for another one. */
export async function pageOfExperiments(ctx: Context, projectId: string, filter: ExperimentFilter, order: ExperimentOrder, { limit, cursor }: PageRequest) {
  const stretches = stretchesOf(order);
  const start = cursor === undefined ? undefined : readCursor(stretches, cursor);
  const found: Array<{ readonly stretch: AnyStretch; readonly place: Place<unknown> }> = [];
  for (const stretch of start ? stretches.slice(stretches.indexOf(start.stretch)) : stretches) {
    const take = limit + 1 - found.length;
    if (take <= 0) break;
    const places = await stretch.find(ctx, { projectId, filter, take }, stretch === start?.stretch ? start.place : undefined);
    found.push(...places.map((place) => ({ stretch, place })));
  }
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return { ids: shown.map(({ place }) => place.id), next_cursor: found.length > limit && last ? writeCursor(last) : null };
}

const writeCursor = ({ stretch, place }: { readonly stretch: AnyStretch; readonly place: Place<unknown> }) =>
  Buffer.from(`${stretch.mark}${place.id}${stretch.write(place.key)}`).toString('base64url');

function readCursor(stretches: readonly AnyStretch[], cursor: string) {
  const [, mark, id, text] = /^(\w)([0-9a-f]{32})([^]*)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const stretch = stretches.find((each) => each.mark === mark);
  const key: unknown = stretch && text ? stretch.read(text) : undefined;
  if (!stretch || key === undefined) throw badCursor();
  return { stretch, place: { key, id: id! } };
}
