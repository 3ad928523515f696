import { randomInt } from 'node:crypto';
import { awaitedStates, canReachQuorum, drawDevices } from '@vergeai/domain';
import { recordEvent } from '../../record-event.js';
import type { Step } from '../../step.js';
import { endJob } from './end-job.js';

interface JobToServe {
  readonly id: string;
  readonly projectId: string;
  readonly experimentId: string;
  readonly numDevices: number;
}

/**
 * Lets go of a device from which no update will come, and draws an idle one in its place. When there is none and the
 * quorum is out of reach, the job fails. Does nothing when the device is no longer awaited. The caller holds the
 * experiment's row.
 */
export async function replaceDevice(step: Step, job: JobToServe, deviceId: string, reason: string, stillIf: { readonly leaseExpiresAt?: { readonly lte: Date } } = {}): Promise<void> {
  const { ctx, tx, call, signals } = step;
  const { count } = await tx.jobDevice.updateMany({
    where: { jobId: job.id, deviceId, state: { in: [...awaitedStates] }, ...stillIf },
    data: { state: 'REPLACED', leaseExpiresAt: null, reason },
  });
  if (count === 0) return;
  const [substitute] = drawDevices(await idleDevices(step, job), 1, randomInt);
  if (substitute) await addDevice(step, job.id, substitute);
  await recordEvent(ctx, tx, call, job.experimentId, { type: 'device_replaced', jobId: job.id, deviceId, data: { reason, substitute: substitute ?? null } });
  signals.push({ about: 'experiment', id: job.experimentId });
  if (substitute) signals.push({ about: 'devices', ids: [substitute] });
  const drawn = await tx.jobDevice.findMany({ where: { jobId: job.id }, select: { state: true } });
  if (!canReachQuorum(drawn.map(({ state }) => state), job.numDevices)) await endJob(step, job.id, 'FAILED', `too few devices are left: ${reason}`);
}

/** Before a job starts: devices that were deleted since it was created make room for others. Gives who is drawn now. */
export async function replaceDeletedDevices(step: Step, job: JobToServe): Promise<string[]> {
  const { tx } = step;
  const drawn = await tx.jobDevice.findMany({
    where: { jobId: job.id, state: { not: 'REPLACED' } },
    include: { device: { select: { deletedAt: true } } },
    orderBy: { position: 'asc' },
  });
  const deleted = drawn.filter(({ device }) => device.deletedAt).map(({ deviceId }) => deviceId);
  const kept = drawn.map(({ deviceId }) => deviceId).filter((id) => !deleted.includes(id));
  if (deleted.length === 0) return kept;
  await tx.jobDevice.updateMany({ where: { jobId: job.id, deviceId: { in: deleted } }, data: { state: 'REPLACED', reason: 'the device was deleted' } });
  const substitutes = drawDevices(await otherDevices(step, job), deleted.length, randomInt);
  for (const id of substitutes) await addDevice(step, job.id, id);
  return [...kept, ...substitutes];
}

async function addDevice({ tx }: Step, jobId: string, deviceId: string): Promise<void> {
  const position = await tx.jobDevice.count({ where: { jobId } });
  await tx.jobDevice.create({ data: { jobId, deviceId, position, state: 'DRAWN', fence: 0 } });
}

/** Devices of the project that have had no part in this job. */
async function otherDevices({ tx }: Step, job: JobToServe, alsoWhere: object = {}): Promise<string[]> {
  const rows = await tx.device.findMany({
    where: { projectId: job.projectId, deletedAt: null, drawnFor: { none: { jobId: job.id } }, ...alsoWhere },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ id }) => id);
}

/** Those of them that no running job waits for. */
const idleDevices = (step: Step, job: JobToServe) =>
  otherDevices(step, job, {
    NOT: { drawnFor: { some: { state: { in: [...awaitedStates] }, job: { status: 'IN_PROGRESS' } } } },
  });
