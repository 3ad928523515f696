import type { EventEntry } from '@vergeai/contract';

export interface ExperimentRow {
  readonly id: string;
  readonly projectId: string;
  readonly startModelId: string | null;
  readonly currentModelId: string | null;
  readonly currentJobId: string | null;
  readonly isActive: boolean;
  readonly pausedAt: number | null;
  readonly bestJobId: string | null;
  readonly forkedFromId: string | null;
  readonly nextJobSequence: number;
  readonly nextEventSequence: number;
}

export interface JobRow {
  readonly id: string;
  readonly projectId: string;
  readonly experimentId: string;
  readonly sequence: number;
  readonly kind: 'TRAIN' | 'EVALUATE';
  readonly status: string;
  readonly version: number;
  readonly numDevices: number;
  readonly minDevices: number | null;
  readonly updatesReceived: number;
  readonly startModelId: string | null;
  readonly aggregateModelId: string | null;
  readonly reason: string | null;
  readonly retryOfId: string | null;
  readonly seriesId: string | null;
}

export interface ModelRow {
  readonly id: string;
  readonly kind: 'START' | 'UPDATE' | 'AGGREGATE';
  readonly projectId: string;
  readonly experimentId: string;
  readonly jobId: string | null;
  readonly deviceId: string | null;
  readonly format: 'JSON' | 'SAFETENSORS';
  readonly size: number;
  readonly sha256: string;
  readonly blobKey: string;
  readonly parentId: string | null;
}

export interface UpdateRow {
  readonly jobId: string;
  readonly deviceId: string;
  /** null: an evaluation. */
  readonly modelId: string | null;
  readonly sha256: string;
  readonly numExamples: number | null;
  readonly metrics: string;
}

export interface JobDeviceRow {
  readonly jobId: string;
  readonly deviceId: string;
  readonly state: 'DRAWN' | 'LEASED' | 'SUBMITTED' | 'REPLACED';
  readonly reason: string | null;
}

export interface EventRow {
  readonly experimentId: string;
  readonly sequence: number;
  readonly type: EventEntry['type'];
  readonly jobId: string | null;
  readonly deviceId: string | null;
  readonly data: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface DeviceRow {
  readonly id: string;
  readonly projectId: string;
  readonly deletedAt: number | null;
}

export interface KeyRow {
  readonly id: string;
  readonly deviceId: string | null;
  readonly revokedAt: number | null;
}

export interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly dedupeKey: string | null;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly finishedAt: number | null;
}

/** All that the checker reads of a database. Bigints are numbers here, times epoch milliseconds, booleans booleans. */
export interface Tables {
  readonly Project: ReadonlyArray<{ readonly id: string; readonly storedBytes: number }>;
  readonly Experiment: readonly ExperimentRow[];
  readonly Job: readonly JobRow[];
  readonly JobDevice: readonly JobDeviceRow[];
  readonly JobUpdate: readonly UpdateRow[];
  readonly StoredModel: readonly ModelRow[];
  readonly Event: readonly EventRow[];
  readonly Device: readonly DeviceRow[];
  readonly ApiKey: readonly KeyRow[];
  readonly Task: readonly TaskRow[];
}

export const tableNames = ['Project', 'Experiment', 'Job', 'JobDevice', 'JobUpdate', 'StoredModel', 'Event', 'Device', 'ApiKey', 'Task'] as const satisfies ReadonlyArray<keyof Tables>;
