import { build, query } from '@vergeai/db';
import { DeviceState, JobStatus } from '@vergeai/domain';
import type { Call, DeviceActor } from '../access/actor.js';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import { recordEvent } from '../writing/record-event.js';
import { takeStep } from '../writing/take-step.js';
import { awaitDevices } from './await-devices.js';
import { LEASE_LAPSED } from './lease.js';
import { lockExperiment } from './lock-experiment.js';
import { addDevice } from './substitutes.js';

const NEVER_CAME = 'it did not come for the job';

/** Why a device that was replaced may come back: it was away, and did not fail. */
const wasAway = [NEVER_CAME, LEASE_LAPSED];

/** waitingSince first: of most running jobs no place is open, and nothing more is looked at. */
const openPlace = query((of: { projectId: string; deviceId: string }) =>
  build
    .selectFrom('Job as j')
    .crossJoin('JobDevice as jd')
    .select(['j.experimentId', 'jd.jobId', 'jd.deviceId'])
    .where('j.projectId', '=', of.projectId)
    .where('j.status', '=', JobStatus.IN_PROGRESS)
    .where('j.waitingSince', 'is not', null)
    .whereRef('jd.jobId', '=', 'j.id')
    .where('jd.state', '=', DeviceState.DRAWN)
    .where('jd.awaitedSince', 'is not', null)
    .where('jd.leaseExpiresAt', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('JobDevice as mine')
            .select('mine.position')
            .whereRef('mine.jobId', '=', 'j.id')
            .where('mine.deviceId', '=', of.deviceId)
            .where((mine) => mine.or([mine('mine.state', '!=', DeviceState.REPLACED), mine('mine.reason', 'not in', wasAway)])),
        ),
      ))
    .orderBy('j.startedAt')
    .orderBy('jd.position')
    .limit(1));

/**
 * Draws the device that asks in the place of one that was drawn for a running job of the project and has not come in time.
 * Gives false, having changed nothing, when there is none.
 */
export async function takePlace(ctx: Context, call: Call<DeviceActor>): Promise<boolean> {
  const { projectId, deviceId } = call.actor;
  const place = await ctx.db.hot.get(openPlace, { projectId, deviceId });
  if (!place) return false;
  const { experimentId, jobId, deviceId: absent } = place;
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    await lockExperiment(step, projectId, experimentId);
    const mine = await tx.jobDevice.findUnique({ where: { jobId_deviceId: { jobId, deviceId } }, select: { state: true, reason: true } });
    if (mine && !(mine.state === DeviceState.REPLACED && wasAway.includes(mine.reason!))) return false;
    const { count } = await tx.jobDevice.updateMany({
      where: { jobId, deviceId: absent, state: DeviceState.DRAWN, awaitedSince: { not: null }, leaseExpiresAt: null, job: { status: JobStatus.IN_PROGRESS } },
      data: { state: DeviceState.REPLACED, reason: NEVER_CAME },
    });
    if (count === 0) return false;
    if (mine) await tx.jobDevice.updateMany({ where: { jobId, deviceId }, data: { state: DeviceState.DRAWN, reason: null } });
    else await addDevice(step, jobId, deviceId);
    await awaitDevices(step, await tx.job.findUniqueOrThrow({ where: { id: jobId } }), deviceId);
    recordEvent(step, experimentId, { type: 'device_replaced', jobId, deviceId: absent, data: { reason: NEVER_CAME, substitute: deviceId } });
    return true;
  }).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'experiment_not_found') return false;
    throw error;
  });
}
