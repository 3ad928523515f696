import { build, query } from '@vergeai/db';
import { DeviceState } from '@vergeai/domain';
import type { Call } from '../access/actor.js';
import type { Context } from '../context.js';
import { Refusal } from '../refusal.js';
import { requireActive, type DrawnDevice } from './drawn-device.js';
import type { CheckedUpdate } from './model-update.js';
import { registerUpdate } from './register-update.js';

type Submitted = Omit<CheckedUpdate, 'experimentId' | 'model'>;

/**
 * Registers what a device submits unless it has been: the same twice gets the same answer. `check` does what is to be done before
 * that, and then registers it. Throws a Refusal: `device_not_drawn`, `job_not_started`, `job_closed`, `update_already_submitted` when
 * this device has submitted something else, or as `check` and `registerUpdate` do.
 */
export async function registerOnce(ctx: Context, call: Call, submitted: Submitted, drawn: DrawnDevice, check: (register: (model: CheckedUpdate['model']) => Promise<void>) => Promise<void>): Promise<void> {
  if (await isRepeated(ctx, submitted, drawn.state)) return;
  requireActive(drawn);
  await check((model) => registerUpdate(ctx, call, { ...submitted, experimentId: drawn.experimentId, model }, drawn)).catch(async (error: unknown) => {
    // The same may have come on another connection while this was being checked.
    if (!(error instanceof Refusal && error.code === 'update_already_submitted')) throw error;
    await isRepeated(ctx, submitted, DeviceState.SUBMITTED);
  });
}

const submittedHash = query((at: { jobId: string; deviceId: string }) =>
  build.selectFrom('JobUpdate').select('sha256').where('jobId', '=', at.jobId).where('deviceId', '=', at.deviceId));

async function isRepeated(ctx: Context, { jobId, deviceId, sha256 }: Submitted, state: DeviceState | null): Promise<boolean> {
  if (state !== DeviceState.SUBMITTED) return false;
  const before = await ctx.db.hot.get(submittedHash, { jobId, deviceId });
  if (before?.sha256 !== sha256) throw new Refusal('update_already_submitted');
  return true;
}
