import { DeviceState, JobStatus, NAMED_DEVICES, waitingSentence } from '@vergeai/domain';
import type { Context } from '../context.js';

interface RunningJob {
  readonly id: string;
  readonly status: JobStatus;
  readonly numDevices: number;
  readonly updatesReceived: number;
}

/** Of jobs of one experiment the one that runs, and whom it waits for: devices that were drawn for it and have not come. */
export async function findWaiting(ctx: Context, jobs: readonly RunningJob[]): Promise<ReadonlyMap<string, string>> {
  const running = jobs.find(({ status }) => status === JobStatus.IN_PROGRESS);
  if (!running) return new Map();
  const { jobDevice } = ctx.db.prisma;
  const absent = { jobId: running.id, state: DeviceState.DRAWN };
  const [working, numDevices, rows] = await Promise.all([
    jobDevice.count({ where: { jobId: running.id, state: { in: [DeviceState.LEASED, DeviceState.SUBMITTED] } } }),
    jobDevice.count({ where: absent }),
    jobDevice.findMany({
      where: absent,
      select: { deviceId: true, device: { select: { key: { select: { lastUsedAt: true } } } } },
      orderBy: { position: 'asc' },
      take: NAMED_DEVICES,
    }),
  ]);
  if (working >= running.numDevices || rows.length === 0) return new Map();
  const devices = rows.map(({ deviceId, device }) => ({ id: deviceId, lastSeenAt: ctx.presence.lastSeen(deviceId) ?? device.key?.lastUsedAt ?? null }));
  return new Map([[running.id, waitingSentence({ updates: running.updatesReceived, wanted: running.numDevices, devices, numDevices })]]);
}
