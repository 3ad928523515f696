import type { Context } from '../../context.js';
import { formatOfRow } from '../../models/model-format.js';
import { modelName } from '../../models/present-model.js';
import { inPieces } from '../../reading/in-batches.js';
import { readLineage } from '../../reading/lineage.js';
import { timestamp } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';

const MOST_NODES = 2000;

/** Which model came of which, over forks. Throws a Refusal `experiment_not_found`. */
export async function experimentLineage(ctx: Context, { project_id, experiment_id }: { project_id: string; experiment_id: string }) {
  const experiment = await ctx.db.prisma.experiment.findFirst({ where: { id: experiment_id, projectId: project_id }, select: { id: true, startModelId: true } });
  if (!experiment) throw new Refusal('experiment_not_found');
  const { rows, truncated } = await readLineage(ctx, experiment, MOST_NODES);
  const nameOf = new Map(rows.map((row) => [row.id, modelName(row)]));
  const edges = rows.flatMap(({ id, parentId }) => {
    const parent = parentId === null ? undefined : nameOf.get(parentId);
    return parent === undefined ? [] : [{ parent, child: nameOf.get(id)! }];
  });
  return {
    nodes: inPieces(rows, (row) => ({
      name: nameOf.get(row.id)!,
      sha256: row.sha256,
      kind: row.jobId === null ? ('start' as const) : ('aggregate' as const),
      size: Number(row.size),
      format: formatOfRow(row).name,
      experiment_id: row.experimentId,
      experiment_name: row.name,
      job_id: row.jobId,
      sequence: row.sequence,
      created_at: timestamp(row.createdAt),
      is_current: row.id === row.currentModelId,
    })),
    edges: inPieces(edges, (edge) => edge),
    truncated,
  };
}
