import { awaitedStates, DeviceState, JobStatus } from '@vergeai/domain';
import type { Step } from '../writing/step.js';

/** What of a job matters for serving it with devices. */
export interface JobToServe {
  readonly id: string;
  readonly projectId: string;
  readonly experimentId: string;
  readonly numDevices: number;
}

/** Draws a device for a job after its creation. */
export async function addDevice({ tx }: Step, jobId: string, deviceId: string): Promise<void> {
  const position = await tx.jobDevice.count({ where: { jobId } });
  await tx.jobDevice.create({ data: { jobId, deviceId, position, state: DeviceState.DRAWN } });
}

/** Devices of the project that have had no part in this job. */
export async function otherDevices({ tx }: Step, job: JobToServe, alsoWhere: object = {}): Promise<string[]> {
  const rows = await tx.device.findMany({
    where: { projectId: job.projectId, deletedAt: null, drawnFor: { none: { jobId: job.id } }, ...alsoWhere },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ id }) => id);
}

/** Those of them that no running job waits for. */
export const idleDevices = (step: Step, job: JobToServe) =>
  otherDevices(step, job, {
    NOT: { drawnFor: { some: { state: { in: [...awaitedStates] }, job: { status: JobStatus.IN_PROGRESS } } } },
  });
