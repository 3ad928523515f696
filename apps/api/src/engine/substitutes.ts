import type { Transaction } from '@vergeai/db';
import { awaitedStates, DeviceState, JobStatus } from '@vergeai/domain';
import { choiceOf, whereChosen } from '../models/device-choice.js';
import type { Step } from '../writing/step.js';
import type { Candidate } from './draw.js';

/** What of a job matters for serving it with devices. */
export interface JobToServe {
  readonly id: string;
  readonly projectId: string;
  readonly experimentId: string;
  readonly numDevices: number;
  readonly minDevices: number | null;
  readonly deviceTimeoutSec: number;
  readonly deviceChoice: string | null;
}

/** Draws a device for a job after its creation, in the place of another one. */
export async function addDevice({ ctx, tx }: Step, jobId: string, deviceId: string, replacesId: string): Promise<void> {
  const position = await tx.jobDevice.count({ where: { jobId } });
  await tx.jobDevice.create({ data: { jobId, deviceId, position, state: DeviceState.DRAWN, drawnAt: ctx.clock.now(), replacesId } });
  await noteSubstitute(tx, jobId, replacesId, deviceId);
}

/** Keeps who has taken a device's place. */
export async function noteSubstitute(tx: Transaction, jobId: string, deviceId: string, substitute: string): Promise<void> {
  await tx.jobDevice.updateMany({ where: { jobId, deviceId }, data: { replacedById: substitute } });
}

/** Devices that the job may have and that have had no part in it. */
export const otherDevices = ({ tx }: Step, job: JobToServe, alsoWhere: object = {}): Promise<Candidate[]> =>
  tx.device.findMany({
    where: { projectId: job.projectId, deletedAt: null, drawnFor: { none: { jobId: job.id } }, ...whereChosen(choiceOf(job)), ...alsoWhere },
    select: { id: true, createdAt: true },
    orderBy: { id: 'asc' },
  });

/** Those of them that no running job waits for. */
export const idleDevices = (step: Step, job: JobToServe) =>
  otherDevices(step, job, {
    NOT: { drawnFor: { some: { state: { in: [...awaitedStates] }, job: { status: JobStatus.IN_PROGRESS } } } },
  });
