import { build, statement } from '@vergeai/db';
import { recordEvent } from '../writing/record-event.js';
import type { Step } from '../writing/step.js';

/** Takes the row of a sweep that goes on, and changes nothing. */
const holdSweep = statement((of: { sweepId: string }) =>
  build
    .updateTable('Sweep')
    .set(({ ref }) => ({ completedAt: ref('Sweep.completedAt') }))
    .where('id', '=', of.sweepId)
    .where('completedAt', 'is', null)
    .where('cancelledAt', 'is', null));

/**
 * Writes down, once, that a sweep is completed, when the last of its members comes to rest. In the step in which an experiment
 * does, which holds its row; that of the sweep is taken next, so that of two members that end at once the second one sees the first.
 */
export async function completeSweep(step: Step, experimentId: string): Promise<void> {
  const { ctx, tx } = step;
  const member = await tx.sweepMember.findUnique({ where: { experimentId }, select: { sweepId: true } });
  if (!member) return;
  const { sweepId } = member;
  if ((await ctx.db.run(tx, holdSweep({ sweepId }))) === 0) return;
  const active = await tx.sweepMember.findFirst({ where: { sweepId, experiment: { isActive: true } }, select: { position: true } });
  if (active) return;
  await tx.sweep.updateMany({ where: { id: sweepId, completedAt: null }, data: { completedAt: ctx.clock.now() } });
  recordEvent(step, experimentId, { type: 'sweep_completed', data: { sweep_id: sweepId, num_members: await tx.sweepMember.count({ where: { sweepId } }) } });
}
