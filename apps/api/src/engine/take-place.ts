import { build, query } from '@vergeai/db';
import { causesToReturn, DeviceState, isChosen, JobStatus, neverCame, type ReplacementCause } from '@vergeai/domain';
import type { Call, DeviceActor } from '../access/actor.js';
import type { Context } from '../context.js';
import { choiceOf } from '../models/device-choice.js';
import { Refusal } from '../refusal.js';
import { recordEvent } from '../writing/record-event.js';
import { takeStep } from '../writing/take-step.js';
import { awaitDevices } from './await-devices.js';
import { lockExperiment } from './lock-experiment.js';
import { addDevice, noteSubstitute } from './substitutes.js';

/**
 * Jobs with an open place in which the device has no part, the longest running first. waitingSince first: of most running
 * jobs no place is open, and nothing more is looked at.
 */
const jobsWithPlaces = query((of: { projectId: string; deviceId: string }) =>
  build
    .selectFrom('Job as j')
    .select(['j.id as jobId', 'j.experimentId', 'j.deviceChoice'])
    .where('j.projectId', '=', of.projectId)
    .where('j.status', '=', JobStatus.IN_PROGRESS)
    .where('j.waitingSince', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('JobDevice as jd')
          .select('jd.position')
          .whereRef('jd.jobId', '=', 'j.id')
          .where('jd.state', '=', DeviceState.DRAWN)
          .where('jd.awaitedSince', 'is not', null)
          .where('jd.leaseExpiresAt', 'is', null),
      ))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('JobDevice as mine')
            .select('mine.position')
            .whereRef('mine.jobId', '=', 'j.id')
            .where('mine.deviceId', '=', of.deviceId)
            .where((mine) => mine.or([mine('mine.state', '!=', DeviceState.REPLACED), mine('mine.cause', 'not in', causesToReturn)])),
        ),
      ))
    .orderBy('j.startedAt')
    .orderBy('j.id'));

const labelsOf = query((of: { deviceId: string }) => build.selectFrom('DeviceLabel').select('label').where('deviceId', '=', of.deviceId));

/** The first of those jobs that may have the device. */
async function findJob(ctx: Context, { projectId, deviceId }: DeviceActor) {
  const jobs = await ctx.db.hot.all(jobsWithPlaces, { projectId, deviceId });
  const choosy = jobs.some(({ deviceChoice }) => deviceChoice !== null);
  const labels = choosy ? (await ctx.db.hot.all(labelsOf, { deviceId })).map(({ label }) => label) : [];
  return jobs.find((job) => {
    const choice = choiceOf(job);
    return !choice || isChosen(choice, { id: deviceId, labels });
  });
}

/**
 * Draws the device that asks in the place of one that was drawn for a running job of the project and has not come in time.
 * Gives false, having changed nothing, when there is none.
 */
export async function takePlace(ctx: Context, call: Call<DeviceActor>): Promise<boolean> {
  const { projectId, deviceId } = call.actor;
  const job = await findJob(ctx, call.actor);
  if (!job) return false;
  const { experimentId, jobId } = job;
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    await lockExperiment(step, projectId, experimentId);
    const mine = await tx.jobDevice.findUnique({ where: { jobId_deviceId: { jobId, deviceId } }, select: { state: true, cause: true } });
    if (mine && !(mine.state === DeviceState.REPLACED && mayReturn(mine.cause))) return false;
    const isOpen = { jobId, state: DeviceState.DRAWN, awaitedSince: { not: null }, leaseExpiresAt: null, job: { status: JobStatus.IN_PROGRESS } };
    const place = await tx.jobDevice.findFirst({ where: isOpen, select: { deviceId: true }, orderBy: { position: 'asc' } });
    if (!place) return false;
    const absent = place.deviceId;
    const { count } = await tx.jobDevice.updateMany({
      where: { ...isOpen, deviceId: absent },
      data: { state: DeviceState.REPLACED, ...neverCame, endedAt: ctx.clock.now() },
    });
    if (count === 0) return false;
    if (mine) {
      await tx.jobDevice.updateMany({ where: { jobId, deviceId }, data: { ...drawnAnew, drawnAt: ctx.clock.now(), replacesId: absent } });
      await noteSubstitute(tx, jobId, absent, deviceId);
    } else await addDevice(step, jobId, deviceId, absent);
    await awaitDevices(step, await tx.job.findUniqueOrThrow({ where: { id: jobId } }), deviceId);
    recordEvent(step, experimentId, { type: 'device_replaced', jobId, deviceId: absent, data: { reason: neverCame.reason, substitute: deviceId } });
    return true;
  }).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'experiment_not_found') return false;
    throw error;
  });
}

const mayReturn = (cause: ReplacementCause | null): boolean => (causesToReturn as readonly (ReplacementCause | null)[]).includes(cause);

/** What is told of a device that is drawn once more is not told of the first time. */
const drawnAnew = { state: DeviceState.DRAWN, cause: null, reason: null, leasedAt: null, heartbeatAt: null, uploadingAt: null, endedAt: null, replacedById: null, progress: null };
