import { randomBytes } from 'node:crypto';
import type { Prisma } from '../src/index.js';

export const NOW = new Date('2026-01-02T03:04:05.678Z');

/** 32 lowercase hex characters. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}

export function newUser(overrides: Partial<Prisma.UserUncheckedCreateInput> = {}): Prisma.UserUncheckedCreateInput {
  return { id: newId(), isServerAdmin: false, createdAt: NOW, ...overrides };
}

export function newProject(overrides: Partial<Prisma.ProjectUncheckedCreateInput> = {}): Prisma.ProjectUncheckedCreateInput {
  return { id: newId(), name: 'A project', createdAt: NOW, ...overrides };
}

type Defaults<Row, Required extends keyof Row> = Pick<Row, Required> & Partial<Row>;

export function newDevice(row: Defaults<Prisma.DeviceUncheckedCreateInput, 'projectId'>): Prisma.DeviceUncheckedCreateInput {
  return { id: newId(), createdAt: NOW, ...row };
}

export function newExperiment(row: Defaults<Prisma.ExperimentUncheckedCreateInput, 'projectId'>): Prisma.ExperimentUncheckedCreateInput {
  return {
    id: newId(),
    hyperparameters: '{}',
    isActive: true,
    version: 0,
    nextJobSequence: 1,
    nextEventSequence: 1,
    createdAt: NOW,
    updatedAt: NOW,
    ...row,
  };
}

export function newModel(row: Defaults<Prisma.StoredModelUncheckedCreateInput, 'projectId' | 'experimentId'>): Prisma.StoredModelUncheckedCreateInput {
  return { id: newId(), kind: 'START', format: 'JSON', size: 10n, sha256: 'a'.repeat(64), blobKey: 'blob', createdAt: NOW, ...row };
}

export function newServerState(row: Defaults<Prisma.ServerStateUncheckedCreateInput, 'projectId' | 'experimentId' | 'modelId'>): Prisma.ServerStateUncheckedCreateInput {
  return { id: newId(), kind: '{}', rounds: 1, size: 10n, sha256: 'a'.repeat(64), blobKey: 'blob', createdAt: NOW, ...row };
}

export function newSeries(row: Defaults<Prisma.JobSeriesUncheckedCreateInput, 'experimentId'>): Prisma.JobSeriesUncheckedCreateInput {
  return { id: newId(), numJobs: 3, createdAt: NOW, ...row };
}

export function newSweep(row: Defaults<Prisma.SweepUncheckedCreateInput, 'projectId'>): Prisma.SweepUncheckedCreateInput {
  return { id: newId(), baseId: newId(), hyperparameters: '{}', numJobs: 3, job: '{}', goal: '{}', createdAt: NOW, ...row };
}

/** Its sequence is random, so that jobs of one experiment do not meet by accident. */
export function newJob(row: Defaults<Prisma.JobUncheckedCreateInput, 'projectId' | 'experimentId'>): Prisma.JobUncheckedCreateInput {
  return {
    id: newId(),
    sequence: randomBytes(4).readUInt32BE() >>> 1,
    status: 'INITIALIZED',
    version: 0,
    numDevices: 2,
    numBufferDevices: 0,
    deviceSelectionStrategy: '{}',
    terminationCriteria: '{}',
    updatesReceived: 0,
    createdAt: NOW,
    ...row,
  };
}

export function newTask(overrides: Partial<Prisma.TaskUncheckedCreateInput> = {}): Prisma.TaskUncheckedCreateInput {
  return { id: newId(), kind: 'aggregate', payload: '{}', runAt: NOW, attempts: 0, fence: 0, createdAt: NOW, ...overrides };
}
