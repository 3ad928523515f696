import { summarise } from '@vergeai/domain';
import type { TestApi } from './api.js';
import type { Place } from './uploads.js';

/** What a device sent with its update. */
export interface Reported {
  readonly numExamples: number | null;
  readonly metrics: Record<string, number>;
}

/**
 * Completed jobs as the server leaves them, with new devices, without a round of training for each. `keep`: what tables show was kept when
 * they completed.
 */
export async function insertCompletedJobs(api: TestApi, { project, experiment }: Place, devices: readonly string[], jobs: ReadonlyArray<readonly Reported[]>, keep: (job: number) => boolean = () => true): Promise<string[]> {
  const { prisma } = api.ctx.db;
  const createdAt = new Date('2026-01-01T00:00:00.000Z');
  const ids = jobs.map(() => api.ctx.newId());
  const bytes = { projectId: project, experimentId: experiment, format: 'JSON' as const, size: 7n, sha256: '0'.repeat(64), createdAt };
  await prisma.device.createMany({ data: devices.map((id) => ({ id, projectId: project, createdAt })) });
  for (let at = 0; at < jobs.length; at += 50) {
    const chunk = ids.slice(at, at + 50).map((id, n) => ({ id, n: at + n, aggregate: api.ctx.newId(), updates: jobs[at + n]!.map((report, d) => ({ ...report, deviceId: devices[d]!, modelId: api.ctx.newId() })) }));
    await prisma.storedModel.createMany({ data: chunk.flatMap(({ id, aggregate, updates }) => [{ ...bytes, id: aggregate, kind: 'AGGREGATE' as const, jobId: id, blobKey: `${project}/${aggregate}` }, ...updates.map(({ modelId, deviceId }) => ({ ...bytes, id: modelId, kind: 'UPDATE' as const, jobId: id, deviceId, blobKey: `${project}/${modelId}` }))]) });
    await prisma.job.createMany({
      data: chunk.map(({ id, n, aggregate, updates }) => ({
        id, projectId: project, experimentId: experiment, sequence: n + 1, status: 'COMPLETED' as const, version: 4, numDevices: updates.length, numBufferDevices: 0, deviceSelectionStrategy: 'RANDOM', terminationCriteria: '[]',
        updatesReceived: updates.length, startModelId: aggregate, aggregateModelId: aggregate, billableSize: 0n, createdAt, startedAt: createdAt, endedAt: new Date(createdAt.getTime() + n), summary: keep(n) ? JSON.stringify(summarise(updates)) : null,
      })),
    });
    await prisma.jobUpdate.createMany({ data: chunk.flatMap(({ id, updates }) => updates.map(({ deviceId, modelId, numExamples, metrics }) => ({ jobId: id, deviceId, modelId, sha256: '0'.repeat(64), numExamples, metrics: JSON.stringify(metrics), createdAt }))) });
  }
  await prisma.experiment.updateMany({ where: { id: experiment }, data: { nextJobSequence: jobs.length + 1 } });
  return ids;
}
