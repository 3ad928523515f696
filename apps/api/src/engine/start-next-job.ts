import { deadlineOf, type DurationCriterion, fewestUpdates, JobStatus, liveStatuses } from '@vergeai/domain';
import type { Step } from '../writing/step.js';
import { awaitDevices } from './await-devices.js';
import { completeSweep } from './complete-sweep.js';
import { replaceDeletedDevices } from './replace-deleted-devices.js';
import { transition } from './transition.js';

/** So many jobs may fail in a row within one transaction; a task goes on with those behind them, and others get a turn. */
const FAILURES_A_STEP = 50;

/**
 * Starts the first job in line unless one of the experiment is live; when the series has run out the experiment rests, and
 * while it is paused those in line wait.
 * A job for which too few devices are left fails, and the one behind it gets its turn. The caller holds the
 * experiment's row.
 */
export async function startNextJob(step: Step, experimentId: string): Promise<void> {
  const { ctx, tx, signals } = step;
  for (let failed = 0; ; failed++) {
    const live = await tx.job.findFirst({ where: { experimentId, status: { in: [...liveStatuses] } }, select: { id: true } });
    if (live) return;
    const next = await tx.job.findFirst({ where: { experimentId, status: JobStatus.INITIALIZED }, orderBy: { sequence: 'asc' } });
    if (!next) {
      await tx.experiment.updateMany({ where: { id: experimentId }, data: { isActive: false } });
      await completeSweep(step, experimentId);
      return;
    }
    const { currentModel, pausedAt } = await tx.experiment.findUniqueOrThrow({
      where: { id: experimentId },
      select: { pausedAt: true, currentModel: { select: { id: true, size: true } } },
    });
    if (pausedAt) {
      await tx.experiment.updateMany({ where: { id: experimentId }, data: { isActive: true } });
      return;
    }
    if (failed === FAILURES_A_STEP) {
      await ctx.tasks.add(tx, 'continue_series', experimentId, { projectId: next.projectId, experimentId });
      signals.push({ about: 'tasks' });
      return;
    }
    const startedAt = ctx.clock.now();
    const devices = await replaceDeletedDevices(step, next);
    await transition(step, next, JobStatus.IN_PROGRESS, {
      startModelId: currentModel!.id,
      startedAt,
      deadlineAt: deadlineOf(JSON.parse(next.terminationCriteria) as DurationCriterion[], ctx.timebase.now()),
    });
    await tx.experiment.updateMany({ where: { id: experimentId }, data: { isActive: true, currentJobId: next.id } });
    if (devices.length >= fewestUpdates(next)) {
      await awaitDevices(step, next);
      signals.push({ about: 'devices', ids: devices });
      return;
    }
    await transition(step, next, JobStatus.FAILED, { endedAt: startedAt, reason: 'too few devices are left', billableSize: currentModel!.size });
  }
}
