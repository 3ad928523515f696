import { build, query } from '@vergeai/db';
import type { Context } from '../context.js';
import { takeStep } from '../writing/take-step.js';
import { removeDevice } from './remove-device.js';

/** So long may an ephemeral device be away. */
export const GONE_SEC = 600;

const AT_ONCE = 100;

const goneDevices = query((at: { before: Date }) =>
  build
    .selectFrom('Device')
    .select(['id', 'projectId'])
    .where('ephemeralSince', '<=', at.before)
    .where((device) => device.or([device('seenAt', 'is', null), device('seenAt', '<=', at.before)]))
    .limit(AT_ONCE));

/** Deletes ephemeral devices that have not been seen for ten minutes, here or, as far as it has been written down, elsewhere. */
export async function deleteGoneDevices(ctx: Context): Promise<void> {
  const before = new Date(ctx.timebase.now().getTime() - GONE_SEC * 1000);
  for (const { id, projectId } of await ctx.db.hot.all(goneDevices, { before })) {
    if (ctx.presence.seenAgoMs(id) !== undefined) continue;
    const still = { ephemeralSince: { lte: before }, OR: [{ seenAt: null }, { seenAt: { lte: before } }] };
    await takeStep(ctx, undefined, (step) => removeDevice(step, projectId, id, still), { makesRoom: true });
  }
}
