import { describe, expect, test } from 'vitest';
import { JobDeviceState, JobKind, JobStatus, ModelFormat, ReplacementCause, type Database, type DatabaseKind, type Prisma } from '../src/index.js';
import { postgresqlCatalog, sqliteCatalog } from './catalog.js';
import { emptyDatabase, KINDS, open } from './databases.js';
import { newDevice, newExperiment, newId, newJob, newModel, newProject, newSeries, newServerState, newSweep, newTask, newUser, NOW } from './rows.js';

/** Rows that everything else can refer to. */
interface World {
  database: Database;
  projectId: string;
  experimentId: string;
  userId: string;
  deviceId: string;
  /** Of the experiment. */
  startModelId: string;
  jobId: string;
}

async function createWorld(database: Database): Promise<World> {
  const { prisma } = database;
  const user = await prisma.user.create({ data: newUser() });
  const project = await prisma.project.create({ data: newProject() });
  const device = await prisma.device.create({ data: newDevice({ projectId: project.id }) });
  const experiment = await prisma.experiment.create({ data: newExperiment({ projectId: project.id }) });
  const where = { projectId: project.id, experimentId: experiment.id };
  const model = await prisma.storedModel.create({ data: newModel(where) });
  const job = await prisma.job.create({ data: newJob(where) });
  return { database, ...where, userId: user.id, deviceId: device.id, startModelId: model.id, jobId: job.id };
}

type Attempt = (world: World) => Promise<unknown>;
/** `good` shows that it is the one difference to `bad` that is refused. */
type Case = { good: Attempt; bad: Attempt };

const job =
  (row: Partial<Prisma.JobUncheckedCreateInput>, startsFromModel = false): Attempt =>
  ({ database, projectId, experimentId, startModelId }) =>
    database.prisma.job.create({ data: newJob({ projectId, experimentId, ...(startsFromModel ? { startModelId } : {}), ...row }) });

const model =
  (row: Partial<Prisma.StoredModelUncheckedCreateInput>, of: { job?: boolean; device?: boolean } = { job: true }): Attempt =>
  ({ database, projectId, experimentId, jobId, deviceId }) =>
    database.prisma.storedModel.create({
      data: newModel({ projectId, experimentId, kind: 'AGGREGATE', ...(of.job ? { jobId } : {}), ...(of.device ? { deviceId } : {}), ...row }),
    });

const series =
  (row: Partial<Prisma.JobSeriesUncheckedCreateInput>): Attempt =>
  ({ database, experimentId }) =>
    database.prisma.jobSeries.create({ data: newSeries({ experimentId, ...row }) });

const sweep =
  (row: Partial<Prisma.SweepUncheckedCreateInput>): Attempt =>
  ({ database, projectId }) =>
    database.prisma.sweep.create({ data: newSweep({ projectId, ...row }) });

const sweepMember =
  (position: number): Attempt =>
  async ({ database, projectId, experimentId }) => {
    const { id: sweepId } = await database.prisma.sweep.create({ data: newSweep({ projectId }) });
    await database.prisma.sweepMember.create({ data: { sweepId, position, experimentId, seriesId: newId(), hyperparameters: '{}' } });
  };

const serverState =
  (row: Partial<Prisma.ServerStateUncheckedCreateInput>): Attempt =>
  ({ database, projectId, experimentId, startModelId }) =>
    database.prisma.serverState.create({ data: newServerState({ projectId, experimentId, modelId: startModelId, ...row }) });

const apiKey =
  (row: Partial<Prisma.ApiKeyUncheckedCreateInput>, of: { user?: boolean; device?: boolean }): Attempt =>
  ({ database, userId, deviceId }) =>
    database.prisma.apiKey.create({
      data: { id: newId(), kind: 'USER', secretHash: 'x', createdAt: NOW, ...(of.user ? { userId } : {}), ...(of.device ? { deviceId } : {}), ...row },
    });

const session =
  (row: Partial<Prisma.SessionUncheckedCreateInput> = {}): Attempt =>
  async (world) => {
    const key = await (apiKey({ kind: 'USER' }, { user: true })(world) as Promise<{ id: string }>);
    const tokenHash = newId() + newId();
    await world.database.prisma.session.create({ data: { id: newId(), tokenHash, keyId: key.id, keyHash: 'x', createdAt: NOW, lastUsedAt: NOW, expiresAt: NOW, ...row } });
  };

const signInCode =
  (codeHash: string): Attempt =>
  async (world) => {
    const key = await (apiKey({ kind: 'USER' }, { user: true })(world) as Promise<{ id: string }>);
    await world.database.prisma.signInCode.create({ data: { codeHash, keyId: key.id, keyHash: 'x', expiresAt: NOW } });
  };

const twice =
  (attempt: Attempt): Attempt =>
  async (world) => {
    await attempt(world);
    await attempt(world);
  };

const SHORT = 'too short';

const CHECKS: Record<string, Case> = {
  server_one_row: {
    good: ({ database }) => database.prisma.server.create({ data: { id: 1, secretFingerprint: 'x', createdAt: NOW } }),
    bad: ({ database }) => database.prisma.server.create({ data: { id: 2, secretFingerprint: 'x', createdAt: NOW } }),
  },
  user_id_length: {
    good: ({ database }) => database.prisma.user.create({ data: newUser() }),
    bad: ({ database }) => database.prisma.user.create({ data: newUser({ id: SHORT }) }),
  },
  project_id_length: {
    good: ({ database }) => database.prisma.project.create({ data: newProject() }),
    bad: ({ database }) => database.prisma.project.create({ data: newProject({ id: SHORT }) }),
  },
  project_stored_bytes_not_negative: {
    good: ({ database }) => database.prisma.project.create({ data: newProject({ storedBytes: 0n }) }),
    bad: ({ database }) => database.prisma.project.create({ data: newProject({ storedBytes: -1n }) }),
  },
  project_max_bytes_positive: {
    good: async ({ database }) => {
      for (const maxBytes of [null, 1n]) await database.prisma.project.create({ data: newProject({ maxBytes }) });
    },
    bad: ({ database }) => database.prisma.project.create({ data: newProject({ maxBytes: 0n }) }),
  },
  device_id_length: {
    good: ({ database, projectId }) => database.prisma.device.create({ data: newDevice({ projectId }) }),
    bad: ({ database, projectId }) => database.prisma.device.create({ data: newDevice({ projectId, id: SHORT }) }),
  },
  experiment_id_length: {
    good: ({ database, projectId }) => database.prisma.experiment.create({ data: newExperiment({ projectId }) }),
    bad: ({ database, projectId }) => database.prisma.experiment.create({ data: newExperiment({ projectId, id: SHORT }) }),
  },
  experiment_models_come_together: {
    good: ({ database, projectId, startModelId }) =>
      database.prisma.experiment.create({ data: newExperiment({ projectId, startModelId, currentModelId: startModelId }) }),
    bad: ({ database, projectId, startModelId }) => database.prisma.experiment.create({ data: newExperiment({ projectId, startModelId }) }),
  },
  member_level_known: {
    good: ({ database, projectId, userId }) => database.prisma.member.create({ data: { projectId, userId, level: 10, createdAt: NOW } }),
    bad: ({ database, projectId, userId }) => database.prisma.member.create({ data: { projectId, userId, level: 7, createdAt: NOW } }),
  },
  api_key_owner_matches_kind: {
    good: async (world) => {
      await apiKey({ kind: 'USER' }, { user: true })(world);
      await apiKey({ kind: 'DEVICE' }, { device: true })(world);
    },
    bad: apiKey({ kind: 'DEVICE' }, { user: true }),
  },
  session_id_length: { good: session(), bad: session({ id: SHORT }) },
  session_token_hash_length: { good: session(), bad: session({ tokenHash: 'the token itself' }) },
  sign_in_code_hash_length: { good: signInCode('c'.repeat(64)), bad: signInCode('the code itself') },
  job_id_length: { good: job({}), bad: job({ id: SHORT }) },
  job_completed_has_aggregate: {
    good: async (world) => {
      await job({ status: 'COMPLETED', endedAt: NOW, aggregateModelId: world.startModelId })(world);
      await job({ kind: 'EVALUATE', status: 'COMPLETED', endedAt: NOW })(world);
    },
    bad: job({ status: 'COMPLETED', endedAt: NOW }),
  },
  job_live_has_start_model: { good: job({ status: 'IN_PROGRESS' }, true), bad: job({ status: 'IN_PROGRESS' }) },
  job_ended_when_final: { good: job({ status: 'FAILED', endedAt: NOW }), bad: job({ status: 'FAILED' }) },
  job_devices_at_least_one: { good: job({ numDevices: 1 }), bad: job({ numDevices: 0 }) },
  job_buffer_devices_not_negative: { good: job({ numBufferDevices: 0 }), bad: job({ numBufferDevices: -1 }) },
  job_updates_within_quorum: { good: job({ updatesReceived: 2 }), bad: job({ updatesReceived: 3 }) },
  job_aggregation_has_quorum: {
    good: async (world) => {
      await job({ status: 'AGGREGATION_IN_PROGRESS', updatesReceived: 1, minDevices: 1 }, true)(world);
    },
    bad: job({ status: 'AGGREGATION_IN_PROGRESS', updatesReceived: 1 }, true),
  },
  job_min_devices_in_range: {
    good: async (world) => {
      for (const minDevices of [null, 2]) await job({ minDevices })(world);
    },
    bad: job({ minDevices: 3 }),
  },
  job_series_id_length: { good: series({}), bad: series({ id: SHORT }) },
  job_series_num_jobs_positive: { good: series({ numJobs: 1 }), bad: series({ numJobs: 0 }) },
  sweep_id_length: { good: sweep({}), bad: sweep({ id: SHORT }) },
  sweep_num_jobs_positive: { good: sweep({ numJobs: 1 }), bad: sweep({ numJobs: 0 }) },
  sweep_seed_not_negative: { good: sweep({ seed: 0 }), bad: sweep({ seed: -1 }) },
  sweep_member_position_positive: { good: sweepMember(1), bad: sweepMember(0) },
  job_series_stalled_not_negative: { good: series({ stalled: 0 }), bad: series({ stalled: -1 }) },
  server_state_id_length: { good: serverState({}), bad: serverState({ id: SHORT }) },
  server_state_size_positive: { good: serverState({ size: 1n }), bad: serverState({ size: 0n }) },
  server_state_sha256_length: { good: serverState({ sha256: 'b'.repeat(64) }), bad: serverState({ sha256: 'b'.repeat(63) }) },
  server_state_rounds_not_negative: { good: serverState({ rounds: 0 }), bad: serverState({ rounds: -1 }) },
  server_state_current_of_its_own: {
    good: (world) => serverState({ currentOfId: world.experimentId })(world),
    bad: async (world) => {
      const other = await world.database.prisma.experiment.create({ data: newExperiment({ projectId: world.projectId }) });
      await serverState({ currentOfId: other.id })(world);
    },
  },
  stored_model_id_length: { good: model({}), bad: model({ id: SHORT }) },
  stored_model_size_positive: { good: model({ size: 1n }), bad: model({ size: 0n }) },
  stored_model_sha256_length: { good: model({ sha256: 'b'.repeat(64) }), bad: model({ sha256: 'b'.repeat(63) }) },
  stored_model_origin_matches_kind: {
    good: model({ kind: 'UPDATE' }, { job: true, device: true }),
    bad: model({ kind: 'UPDATE' }, { job: true }),
  },
};

/** More that must be refused by a CHECK which says several things. */
const MORE_BAD_ROWS: [constraint: string, what: string, attempt: Attempt][] = [
  ['api_key_owner_matches_kind', 'a key of nobody', apiKey({ kind: 'USER' }, {})],
  ['api_key_owner_matches_kind', 'a key of two', apiKey({ kind: 'USER' }, { user: true, device: true })],
  ['job_ended_when_final', 'an end without a final status', job({ endedAt: NOW })],
  ['job_live_has_start_model', 'aggregating nothing', job({ status: 'AGGREGATION_IN_PROGRESS', updatesReceived: 2 })],
  ['job_completed_has_aggregate', 'a model that an evaluation made', (world) => job({ kind: 'EVALUATE', status: 'COMPLETED', endedAt: NOW, aggregateModelId: world.startModelId })(world)],
  ['job_updates_within_quorum', 'fewer than no updates', job({ updatesReceived: -1 })],
  ['experiment_models_come_together', 'a current model only', ({ database, projectId, startModelId }) =>
    database.prisma.experiment.create({ data: newExperiment({ projectId, currentModelId: startModelId }) })],
  ['stored_model_origin_matches_kind', 'a start model of a job', model({ kind: 'START' }, { job: true })],
  ['stored_model_origin_matches_kind', 'a start model of a device', model({ kind: 'START' }, { device: true })],
  ['stored_model_origin_matches_kind', 'an aggregate of no job', model({ kind: 'AGGREGATE' }, {})],
  ['stored_model_origin_matches_kind', 'an aggregate of a device', model({ kind: 'AGGREGATE' }, { job: true, device: true })],
  ['stored_model_origin_matches_kind', 'an update of no job', model({ kind: 'UPDATE' }, { device: true })],
];

const UNIQUE: Record<string, Case> = {
  job_one_live_per_experiment: {
    good: async (world) => {
      await job({ status: 'IN_PROGRESS' }, true)(world);
      await twice(job({ status: 'CANCELLED', endedAt: NOW }, true))(world);
    },
    bad: async (world) => {
      await job({ status: 'IN_PROGRESS' }, true)(world);
      await job({ status: 'AGGREGATION_IN_PROGRESS', updatesReceived: 2 }, true)(world);
    },
  },
  stored_model_one_start_per_experiment: { good: model({}), bad: model({ kind: 'START' }, {}) },
  stored_model_one_aggregate_per_job: { good: model({}), bad: twice(model({})) },
  stored_model_one_update_per_device: {
    good: model({ kind: 'UPDATE' }, { job: true, device: true }),
    bad: twice(model({ kind: 'UPDATE' }, { job: true, device: true })),
  },
  task_one_open_per_dedupe_key: {
    good: async ({ database }) => {
      for (const data of [
        newTask({ dedupeKey: 'a' }),
        newTask({ dedupeKey: 'a', finishedAt: NOW }),
        newTask({ dedupeKey: 'a', kind: 'other' }),
        newTask(),
        newTask(),
      ]) {
        await database.prisma.task.create({ data });
      }
    },
    bad: ({ database }) => twice(() => database.prisma.task.create({ data: newTask({ dedupeKey: 'a' }) }))({} as World),
  },
};

/** Where PostgreSQL has an enum, SQLite has a CHECK. */
const SQLITE_ENUMS: Record<string, { values: object; bad: (world: World) => string }> = {
  job_status_known: { values: JobStatus, bad: ({ jobId }) => `UPDATE "Job" SET "status" = 'RUNNING' WHERE "id" = '${jobId}'` },
  job_kind_known: { values: JobKind, bad: ({ jobId }) => `UPDATE "Job" SET "kind" = 'DREAM' WHERE "id" = '${jobId}'` },
  job_device_state_known: {
    values: JobDeviceState,
    bad: ({ jobId, deviceId }) => `INSERT INTO "JobDevice" ("jobId", "deviceId", "position", "state") VALUES ('${jobId}', '${deviceId}', 0, 'ASLEEP')`,
  },
  job_device_cause_known: {
    values: ReplacementCause,
    bad: ({ jobId, deviceId }) => `INSERT INTO "JobDevice" ("jobId", "deviceId", "position", "state", "cause") VALUES ('${jobId}', '${deviceId}', 0, 'REPLACED', 'BORED')`,
  },
  stored_model_format_known: { values: ModelFormat, bad: ({ startModelId }) => `UPDATE "StoredModel" SET "format" = 'PICKLE' WHERE "id" = '${startModelId}'` },
};

async function freshWorld(kind: DatabaseKind): Promise<World> {
  return await createWorld(await open(await emptyDatabase(kind)));
}

const errorOf = (attempt: Promise<unknown>) => attempt.then(() => undefined, (error: unknown) => error);

describe.each(KINDS)('on %s', (kind) => {
  test('every named constraint has a test here', async () => {
    const url = await emptyDatabase(kind);
    await (await open(url)).close();
    const { constraints } = kind === 'sqlite' ? sqliteCatalog(url.slice('file:'.length)) : await postgresqlCatalog(url);
    const tested = [...Object.keys(CHECKS), ...Object.keys(UNIQUE), ...(kind === 'sqlite' ? Object.keys(SQLITE_ENUMS) : [])];
    expect(constraints).toEqual(tested.toSorted());
  });

  test('CHECKs refuse exactly the rows they are there for', async () => {
    // A transaction for each attempt, undone, so that none meets the rows of another.
    const here = await freshWorld(kind);
    for (const [name, { good, bad }] of Object.entries(CHECKS)) {
      await undone(here, good);
      expect(messageOf(await errorOf(undone(here, bad)))).toContain(name);
    }
  });

  test('CHECKs that say several things refuse each of them', async () => {
    const here = await freshWorld(kind);
    for (const [name, what, bad] of MORE_BAD_ROWS) {
      expect(`${what}: ${messageOf(await errorOf(undone(here, bad)))}`).toContain(name);
    }
  });

  test('partial unique indexes refuse exactly the rows they are there for', async () => {
    const here = await freshWorld(kind);
    for (const [name, { good, bad }] of Object.entries(UNIQUE)) {
      await undone(here, good);
      expect([name, here.database.isUniqueViolation(await errorOf(undone(here, bad)))]).toEqual([name, true]);
    }
  });
});

test.each(Object.entries(SQLITE_ENUMS))('on sqlite, %s takes the place of an enum, value for value', async (name, { values, bad }) => {
  const here = await freshWorld('sqlite');
  const { prisma } = here.database;
  expect(messageOf(await errorOf(prisma.$executeRawUnsafe(bad(here))))).toContain(name);
  const tables = await prisma.$queryRaw<{ sql: string }[]>`SELECT sql FROM sqlite_master WHERE type = 'table'`;
  const [, known] = new RegExp(`CONSTRAINT "${name}" CHECK \\("\\w+" IN \\((.*?)\\)`).exec(tables.map(({ sql }) => sql).join('\n'))!;
  expect(known!.split(', ').toSorted()).toEqual(Object.keys(values).map((value) => `'${value}'`).toSorted());
});

/** Runs it in a transaction that is rolled back. */
async function undone(world: World, attempt: Attempt): Promise<void> {
  const done = new Error('undo');
  await world.database.prisma
    .$transaction(async (tx) => {
      await attempt({ ...world, database: { ...world.database, prisma: tx as Database['prisma'] } });
      throw done;
    })
    .catch((error: unknown) => {
      if (error !== done) throw error;
    });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'not refused';
}
