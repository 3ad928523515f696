import { DeviceState, JobStatus, NAMED_DEVICES, pausedSentence, waitingSentence } from '@vergeai/domain';
import type { Context } from '../context.js';
import { choiceOf } from '../models/device-choice.js';

interface JobThatMayWait {
  readonly id: string;
  readonly experimentId: string;
  readonly status: JobStatus;
  readonly numDevices: number;
  readonly updatesReceived: number;
  readonly deviceChoice: string | null;
}

/**
 * What jobs of one experiment wait for: the one that runs for devices that were drawn for it and have not come, and those in line,
 * while the experiment is paused, for it to go on.
 */
export async function findWaiting(ctx: Context, jobs: readonly JobThatMayWait[]): Promise<ReadonlyMap<string, string>> {
  const [forDevices, inLine] = [await waitingForDevices(ctx, jobs), await waitingInLine(ctx, jobs)];
  return new Map([...forDevices, ...inLine]);
}

async function waitingInLine(ctx: Context, jobs: readonly JobThatMayWait[]): Promise<Array<[string, string]>> {
  const inLine = jobs.filter(({ status }) => status === JobStatus.INITIALIZED);
  if (inLine.length === 0) return [];
  const experiment = await ctx.db.prisma.experiment.findUnique({ where: { id: inLine[0]!.experimentId }, select: { pausedAt: true } });
  if (!experiment?.pausedAt) return [];
  const sentence = pausedSentence(experiment.pausedAt);
  return inLine.map(({ id }) => [id, sentence]);
}

async function waitingForDevices(ctx: Context, jobs: readonly JobThatMayWait[]): Promise<Array<[string, string]>> {
  const running = jobs.find(({ status }) => status === JobStatus.IN_PROGRESS);
  if (!running) return [];
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
  if (working >= running.numDevices || rows.length === 0) return [];
  const devices = rows.map(({ deviceId, device }) => ({ id: deviceId, lastSeenAt: ctx.presence.lastSeen(deviceId) ?? device.key?.lastUsedAt ?? null }));
  return [[running.id, waitingSentence({ updates: running.updatesReceived, wanted: running.numDevices, devices, numDevices, choice: choiceOf(running) })]];
}
