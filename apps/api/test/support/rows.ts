import type { TestApi } from './api.js';
import type { Place } from './uploads.js';

/**
 * A cancelled job of an experiment, written straight into the database as job/create and job/cancel leave it: for tests
 * of what experiments do once there are jobs.
 */
export async function insertJob(api: TestApi, { project, experiment }: Place): Promise<string> {
  const { prisma } = api.ctx.db;
  const id = api.ctx.newId();
  const now = api.ctx.clock.now();
  const { nextJobSequence } = await prisma.experiment.update({ where: { id: experiment }, data: { nextJobSequence: { increment: 1 }, currentJobId: id } });
  await prisma.job.create({
    data: {
      id,
      projectId: project,
      experimentId: experiment,
      sequence: nextJobSequence - 1,
      status: 'CANCELLED',
      version: 1,
      numDevices: 1,
      numBufferDevices: 0,
      deviceSelectionStrategy: 'RANDOM',
      terminationCriteria: '[]',
      updatesReceived: 0,
      reason: 'cancelled by a test',
      billableSize: 0n,
      createdAt: now,
      startedAt: now,
      endedAt: now,
    },
  });
  return id;
}

/** Every row of every table, as text that can be compared. Without the time at which leases on tasks end: workers move it on by themselves. */
export async function snapshot(api: TestApi): Promise<Record<string, string[]>> {
  const { prisma } = api.ctx.db;
  const tables = {
    server: prisma.server,
    user: prisma.user,
    apiKey: prisma.apiKey,
    project: prisma.project,
    member: prisma.member,
    device: prisma.device,
    deviceLabel: prisma.deviceLabel,
    experiment: prisma.experiment,
    experimentTag: prisma.experimentTag,
    experimentMetric: prisma.experimentMetric,
    storedModel: prisma.storedModel,
    modelLayout: prisma.modelLayout,
    serverState: prisma.serverState,
    jobSeries: prisma.jobSeries,
    sweep: prisma.sweep,
    sweepMember: prisma.sweepMember,
    job: prisma.job,
    jobDevice: prisma.jobDevice,
    jobUpdate: prisma.jobUpdate,
    jobReport: prisma.jobReport,
    event: prisma.event,
    auditEvent: prisma.auditEvent,
    task: prisma.task,
    idempotentAnswer: prisma.idempotentAnswer,
    usedTicket: prisma.usedTicket,
    ticketMetrics: prisma.ticketMetrics,
    session: prisma.session,
    signInCode: prisma.signInCode,
  };
  const known = Object.keys(prisma).filter((name) => /^[a-z]/.test(name) && typeof (prisma as unknown as Record<string, { findMany?: unknown }>)[name]?.findMany === 'function');
  const forgotten = known.filter((name) => !(name in tables));
  if (forgotten.length > 0) throw new Error(`tables that the snapshot does not know: ${forgotten.join(', ')}`);
  const rows: Record<string, string[]> = {};
  for (const [name, table] of Object.entries(tables)) {
    const found = (await (table as { findMany: () => Promise<unknown[]> }).findMany()).map((row) =>
      JSON.stringify(row, (key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : name === 'task' && key === 'leaseExpiresAt' ? undefined : value)),
    );
    rows[name] = found.sort();
  }
  return rows;
}
