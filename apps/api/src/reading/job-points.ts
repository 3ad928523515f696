import { build, query, type RowOf } from '@vergeai/db';
import { JobStatus, type JobKind, type ReportSummary } from '@vergeai/domain';
import type { Context } from '../context.js';
import { inBatches, inStretches } from './in-batches.js';
import { jobSummary } from './job-summary.js';
import { nextTurn } from './next-turn.js';

/** Jobs of an experiment by their numbers, both included. */
export interface JobRange {
  readonly experimentId: string;
  readonly from: number;
  readonly to: number;
}

/** A job as a point of a curve. */
export interface JobPoint {
  readonly id: string;
  readonly sequence: number;
  readonly kind: JobKind;
  readonly status: JobStatus;
  readonly endedAt: Date | null;
  /** What its devices reported; undefined unless it is COMPLETED. */
  readonly summary: ReportSummary | undefined;
}

/** How many jobs are looked at to see how long their summaries are. */
const OUTLINED_AT_ONCE = 500;

const outline = query((at: JobRange) =>
  build
    .selectFrom('Job')
    .select(['id', 'sequence', 'kind', 'status', 'endedAt', 'updatesReceived'])
    .select(({ fn, lit }) => fn.coalesce(fn<number>('length', ['summary']), lit(0)).as('characters'))
    .where('experimentId', '=', at.experimentId)
    .where('sequence', '>=', at.from)
    .where('sequence', '<=', at.to)
    .orderBy('sequence')
    .limit(OUTLINED_AT_ONCE));

const summaries = query((at: JobRange) =>
  build
    .selectFrom('Job')
    .select(['sequence', 'summary'])
    .where('experimentId', '=', at.experimentId)
    .where('sequence', '>=', at.from)
    .where('sequence', '<=', at.to)
    .where('summary', 'is not', null));

/** The jobs of a range in their order with what their devices reported, a bounded number of bytes at a time. */
export async function* jobPoints(ctx: Context, range: JobRange): AsyncGenerator<readonly JobPoint[]> {
  const outlines = inBatches(OUTLINED_AT_ONCE, async (last: RowOf<typeof outline> | undefined) => ctx.db.hot.all(outline, { ...range, from: last ? last.sequence + 1 : range.from }));
  for await (const outlined of outlines) {
    for (const jobs of inStretches(outlined)) {
      const kept = await ctx.db.hot.all(summaries, { ...range, from: jobs[0]!.sequence, to: jobs.at(-1)!.sequence });
      const summaryOf = new Map(kept.map(({ sequence, summary }) => [sequence, summary]));
      const points: JobPoint[] = [];
      for (const { id, sequence, kind, status, endedAt, updatesReceived } of jobs) {
        const summary = status === JobStatus.COMPLETED ? await jobSummary(ctx, { id, summary: summaryOf.get(sequence) ?? null, updatesReceived }) : undefined;
        points.push({ id, sequence, kind, status, endedAt, summary });
      }
      yield points;
      await nextTurn();
    }
  }
}
