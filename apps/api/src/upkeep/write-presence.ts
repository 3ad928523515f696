import { build, statement } from '@vergeai/db';
import type { Context } from '../context.js';
import { changed } from '../signals/changed.js';
import { takeKnownStep } from '../writing/take-known-step.js';

/** One transaction: many share one wait for the disk, and none makes others wait for long. */
const DEVICES_AT_ONCE = 200;

/** Another process may have seen it later. */
const noteSeen = statement((device: { id: string; seenAt: Date; agent: string | null }) =>
  build
    .updateTable('Device')
    .set(({ fn, val }) => ({ seenAt: device.seenAt, agent: fn.coalesce(val(device.agent), 'agent') }))
    .where('id', '=', device.id)
    .where((row) => row.or([row('seenAt', 'is', null), row('seenAt', '<', device.seenAt)])));

/** Writes down when devices were seen last, in the time that leases go by, and what they call themselves. */
export async function writePresence(ctx: Context): Promise<void> {
  const { presence, clock, timebase } = ctx;
  const seen = presence.unwritten();
  for (let at = 0; at < seen.length; at += DEVICES_AT_ONCE) {
    const sightings = seen.slice(at, at + DEVICES_AT_ONCE);
    const origin = timebase.now().getTime() - clock.monotonic();
    const statements = sightings.map((sighting) => noteSeen({ id: sighting.deviceId, seenAt: new Date(origin + sighting.at), agent: sighting.agent ?? null }));
    await takeKnownStep(ctx, undefined, { statements, signals: sightings.map(({ projectId, deviceId }) => changed(projectId, 'device', deviceId)) });
    presence.written(sightings);
  }
}
