import { build, queryOf } from '@vergeai/db';
import type { Context } from '../../context.js';
import { experimentFacts, type ShownFacts } from '../../reading/experiment-facts.js';
import { matching, type ExperimentFilter } from '../../reading/experiment-filter.js';
import { pageOfExperiments, type ExperimentOrder } from '../../reading/experiment-order.js';
import type { PageRequest } from '../../reading/page.js';

/** Their descriptions may take 10 KB each, and hyperparameters are 64 KB at most. */
const AT_ONCE = 25;

/** Experiments of a project, a page at a time; what is shown of them is read as it is sent. */
export async function listExperiments(ctx: Context, { project_id }: { project_id: string }, query: PageRequest & ExperimentFilter & ExperimentOrder & ShownFacts) {
  const { ids, next_cursor } = await pageOfExperiments(ctx, project_id, query, query, query);
  return { data: inParts(ctx, ids, query), next_cursor, total: await countExperiments(ctx, project_id, query) };
}

async function* inParts(ctx: Context, ids: readonly string[], shown: ShownFacts) {
  for (let at = 0; at < ids.length; at += AT_ONCE) yield await experimentFacts(ctx, ids.slice(at, at + AT_ONCE), shown);
}

async function countExperiments(ctx: Context, projectId: string, filter: ExperimentFilter): Promise<number> {
  const counted = build
    .selectFrom('Experiment as e')
    .select(({ cast, fn }) => cast<number>(fn.countAll(), 'integer').as('total'))
    .where(matching(projectId, filter));
  return (await ctx.db.hot.get(queryOf(counted), {}))!.total;
}
