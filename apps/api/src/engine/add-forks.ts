import { build, statementOf } from '@vergeai/db';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';
import { inheritState } from './inherit-state.js';
import { newExperimentRow, type NewExperiment } from './new-experiment-row.js';

/** One of the forks: what is left out is as the parent has it. */
export type Fork = Omit<NewExperiment, 'project_id'> & { readonly hyperparameters?: string | undefined };

interface Parent {
  readonly id: string;
  readonly projectId: string;
  readonly hyperparameters: string;
  readonly aggregationStrategy: string | null;
  readonly keepBest: string | null;
  readonly privacySpent: number;
  readonly noisyRounds: number;
  readonly startModelId: string | null;
}

export interface Forking {
  readonly parent: Parent;
  /** As it was asked for, and the model of the parent that this is. */
  readonly from: string;
  readonly modelId: string;
  readonly forks: readonly Fork[];
  /** The sweep that they are part of. */
  readonly sweepId?: string;
}

/**
 * Makes experiments whose start model is one that another experiment has or made, by a number of statements that does not grow with theirs.
 * The bytes are shared, not copied: the caller holds the project's storage, so that whoever removes models waits, or has removed
 * them. Gives their rows in order.
 */
export async function addForks(step: Step, { parent, from, modelId, forks, sweepId }: Forking) {
  const { ctx, tx } = step;
  const source = await tx.storedModel.findUniqueOrThrow({ where: { id: modelId } });
  const rows = forks.map((fork) => {
    const own = newExperimentRow(ctx, { ...fork, project_id: parent.projectId }, fork.hyperparameters ?? parent.hyperparameters);
    return {
      ...own,
      ...(fork.aggregation_strategy === undefined && { aggregationStrategy: parent.aggregationStrategy }),
      ...(fork.keep_best === undefined && { keepBest: parent.keepBest }),
    };
  });
  // The model has seen what its own rounds have seen.
  const spent = from === 'start' ? {} : { privacySpent: parent.privacySpent, noisyRounds: parent.noisyRounds };
  await tx.experiment.createMany({ data: rows.map((row) => ({ ...row, ...spent, forkedFromId: parent.id })) });
  const { format, size, sha256, blobKey } = source;
  const models = rows.map(({ id, createdAt }) => ({ id: ctx.newId(), experimentId: id, createdAt }));
  await tx.storedModel.createMany({
    data: models.map((model) => ({ ...model, kind: 'START' as const, projectId: parent.projectId, format, size, sha256, blobKey, parentId: source.id })),
  });
  await ctx.db.run(tx, copyLayout(parent.startModelId!, models.map(({ id }) => id)));
  await ctx.db.run(tx, startFrom(rows.map(({ id }) => id)));
  for (const [at, row] of rows.entries()) {
    const serverState = await inheritState(step, { parent, from, sourceModelId: source.id, forkRow: row, modelId: models[at]!.id });
    recordEvent(step, row.id, {
      type: 'experiment_forked',
      data: { from_experiment: parent.id, from, sha256, ...(serverState && { server_state: serverState }), ...(sweepId !== undefined && { sweep_id: sweepId }) },
    });
  }
  return rows.map((row, at) => ({ ...row, startModelId: models[at]!.id, startSize: size, currentSize: size }));
}

/** All models of the parent and of its forks are made of the same. It may be long, and stays in the database. */
const copyLayout = (of: string, to: readonly string[]) =>
  statementOf(
    build
      .insertInto('ModelLayout')
      .columns(['modelId', 'layout'])
      .expression(
        build
          .selectFrom(['StoredModel as m', 'ModelLayout as l'])
          .select(['m.id', 'l.layout'])
          .where('l.modelId', '=', of)
          .where('m.id', 'in', to),
      ),
    to.length,
  );

/** Each has one model by now, which is where it starts. */
const startFrom = (experimentIds: readonly string[]) =>
  statementOf(
    build
      .updateTable('Experiment')
      .set(({ selectFrom }) => {
        const own = selectFrom('StoredModel as m').select('m.id').whereRef('m.experimentId', '=', 'Experiment.id');
        return { startModelId: own, currentModelId: own };
      })
      .where('id', 'in', experimentIds),
    experimentIds.length,
  );
