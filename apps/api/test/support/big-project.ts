import type { TestApi } from './api.js';

/** Hyperparameters of 64 KiB, the most that there may be. */
export const BIG_HYPERPARAMETERS = JSON.stringify({ x: 'y'.repeat(64 * 1024 - 8) });

/** Experiments of a project, written straight into the database as experiment/create leaves them: for tests of what there may be many of. */
export async function insertExperiments(api: Pick<TestApi, 'ctx'>, project: string, count: number, hyperparameters = BIG_HYPERPARAMETERS): Promise<string[]> {
  const { prisma } = api.ctx.db;
  const startedAt = api.ctx.clock.now().getTime();
  const ids = Array.from({ length: count }, () => api.ctx.newId());
  for (let at = 0; at < count; at += 100) {
    await prisma.experiment.createMany({
      data: ids.slice(at, at + 100).map((id, index) => ({
        id,
        projectId: project,
        hyperparameters,
        isActive: false,
        version: 1,
        nextJobSequence: 1,
        nextEventSequence: 1,
        // Several of each moment, so that their ids decide.
        createdAt: new Date(startedAt + Math.floor((at + index) / 3)),
        updatedAt: new Date(startedAt),
      })),
    });
  }
  return ids;
}
