import { build, query, queryOf, type RowOf } from '@vergeai/db';
import type { Context } from '../context.js';
import { nextTurn } from './next-turn.js';

/** How many experiments, or jobs of one, are read at once. */
const AT_ONCE = 200;

/** No job has one that is higher. */
const LAST_NUMBER = 2_147_483_647;

const shown = [
  'm.id', 'm.kind', 'm.size', 'm.sha256', 'm.format', 'm.projectId', 'm.experimentId', 'm.jobId', 'm.parentId', 'm.createdAt',
  'e.name', 'e.currentModelId', 'j.sequence',
] as const;

/** A model that a series of jobs starts from or has made, with where it stands. */
export type LineageRow = RowOf<typeof lineOf>;

const aggregatesBefore = query((at: { experimentId: string; before: number }) =>
  build
    .selectFrom('Job as j')
    .innerJoin('StoredModel as m', 'm.id', 'j.aggregateModelId')
    .innerJoin('Experiment as e', 'e.id', 'j.experimentId')
    .select(shown)
    .where('j.experimentId', '=', at.experimentId)
    .where('j.sequence', '<', at.before)
    .orderBy('j.sequence', 'desc')
    .limit(AT_ONCE));

const startsOf = (experimentIds: readonly string[]) =>
  queryOf(
    build
      .selectFrom('Experiment as e')
      .innerJoin('StoredModel as m', 'm.id', 'e.startModelId')
      .leftJoin('Job as j', 'j.id', 'm.jobId')
      .select(shown)
      .where('e.id', 'in', experimentIds),
  );

const forksOf = (experimentIds: readonly string[]) => queryOf(build.selectFrom('Experiment').select('id').where('forkedFromId', 'in', experimentIds).orderBy('id'));

/** The model itself, the one from which it came, and so on, up to `most` of them. */
const lineOf = query((at: { modelId: string; most: number }) =>
  build
    .withRecursive('line(id, parentId, depth)', (db) =>
      db
        .selectFrom('StoredModel as first')
        .select(({ lit }) => ['first.id', 'first.parentId', lit<number>(1).as('depth')])
        .where('first.id', '=', at.modelId)
        .unionAll(
          db
            .selectFrom('line')
            .innerJoin('StoredModel as before', 'before.id', 'line.parentId')
            .select(({ eb }) => ['before.id', 'before.parentId', eb('line.depth', '+', 1).as('depth')])
            .where('line.depth', '<', at.most),
        ),
    )
    .selectFrom('line')
    .innerJoin('StoredModel as m', 'm.id', 'line.id')
    .innerJoin('Experiment as e', 'e.id', 'm.experimentId')
    .leftJoin('Job as j', 'j.id', 'm.jobId')
    .select(shown));

/** Collects models, of which the newest `most` count. */
class Newest {
  readonly #byId = new Map<string, LineageRow>();
  readonly #most: number;
  truncated = false;
  /** Nothing that is older counts. */
  since = new Date(0);

  constructor(most: number) {
    this.#most = most;
  }

  add(rows: readonly LineageRow[]): void {
    for (const row of rows) this.#byId.set(row.id, row);
    if (this.#byId.size <= this.#most) return;
    this.truncated = true;
    const rest = this.rows();
    for (const { id } of rest.slice(this.#most)) this.#byId.delete(id);
    this.since = rest[this.#most - 1]!.createdAt;
  }

  /** What they come of stands behind them: of one moment, the later job first, a start model last. */
  rows(): LineageRow[] {
    return [...this.#byId.values()].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (b.sequence ?? 0) - (a.sequence ?? 0) || (a.id < b.id ? 1 : -1));
  }
}

/**
 * The models of an experiment, those from which its start model came, and those of its forks and of their forks: the newest `most`
 * of them, newest first. All are of one project.
 */
export async function readLineage(ctx: Context, experiment: { readonly id: string; readonly startModelId: string | null }, most: number): Promise<{ rows: LineageRow[]; truncated: boolean }> {
  const newest = new Newest(most);
  if (experiment.startModelId) newest.add(await ctx.db.hot.all(lineOf, { modelId: experiment.startModelId, most: most + 1 }));
  const family = await familyOf(ctx, experiment.id, most);
  newest.truncated ||= family.length > most;
  for (let at = 0; at < family.length; at += AT_ONCE) {
    newest.add(await ctx.db.hot.all(startsOf(family.slice(at, at + AT_ONCE)), {}));
    await nextTurn();
  }
  for (const experimentId of family) await addAggregates(ctx, experimentId, newest);
  return { rows: newest.rows(), truncated: newest.truncated };
}

/** The experiment, its forks, their forks, and so on: somewhat more than `most` at most. */
async function familyOf(ctx: Context, experimentId: string, most: number): Promise<string[]> {
  const family = [experimentId];
  for (let at = 0; at < family.length && family.length <= most; ) {
    const parents = family.slice(at, at + AT_ONCE);
    at += parents.length;
    for (const { id } of await ctx.db.hot.all(forksOf(parents), {})) family.push(id);
    await nextTurn();
  }
  return family;
}

/** From the newest on, as long as they may count. */
async function addAggregates(ctx: Context, experimentId: string, newest: Newest): Promise<void> {
  for (let before = LAST_NUMBER; ; ) {
    const rows = await ctx.db.hot.all(aggregatesBefore, { experimentId, before });
    newest.add(rows);
    await nextTurn();
    const last = rows.at(-1);
    if (rows.length < AT_ONCE || !last) return;
    if (last.createdAt < newest.since) return;
    before = last.sequence!;
  }
}
