import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually, testSeed } from '@vergeai/testkit';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chance } from '../src/chance.js';
import { readJournal, type Recorded } from '../src/journal.js';
import { startLoad } from '../src/load/start-load.js';
import { World } from '../src/load/world.js';
import { comeToRest } from '../src/run/come-to-rest.js';
import { check } from '../src/run/round.js';
import { Site } from '../src/run/site.js';
import { isEnd } from '../src/wire/job-ends.js';

/** A copy of a sound server's data in which something is about to go wrong. */
interface Copy {
  readonly folder: string;
  readonly blobs: string;
  readonly file: string;
  readonly db: Database.Database;
  readonly journal: readonly Recorded[];
}

// eslint-disable-next-line typescript/no-explicit-any
type Row = Record<string, any>;

const COMPLETED_TOGETHER = `SELECT j.*, m."blobKey", m."format" FROM "Job" j JOIN "StoredModel" m ON m."id" = j."aggregateModelId" WHERE j."numDevices" > 1 AND m."format" = ?`;
/** A job that started from what another one had made. */
const SUCCESSOR = `SELECT j.*, e."startModelId" AS "first" FROM "Job" j JOIN "Experiment" e ON e."id" = j."experimentId" WHERE j."startModelId" <> e."startModelId" LIMIT 1`;

let site: Site;
let copies = 0;

const open = (file: string) => {
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  return db;
};
const first = (db: Database.Database, sql: string, ...values: unknown[]): Row => db.prepare(sql).get(...values) as Row;
const databaseIn = (folder: string) => path.join(folder, 'server-0', 'vergeai.db');

beforeAll(async () => {
  const opened = await Site.open(undefined, 1, false);
  site = opened.site;
  const world = new World({
    chance: new Chance(testSeed('planted faults')),
    journal: opened.journal,
    adminKey: site.adminKey,
    base: () => site.base(),
    patienceMs: 30_000,
    onMoment: () => {},
  });
  await (await site.start()).ready;
  const load = startLoad(world);
  await eventually(
    'jobs of both formats have been completed by several devices, one went on from there, and one was cancelled on request',
    () => {
      // A deadline cancels jobs, too.
      if (!opened.journal.counts.has('done job.cancel')) return false;
      const db = new Database(databaseIn(site.folder), { readonly: true });
      try {
        return ['JSON', 'SAFETENSORS'].every((format) => first(db, COMPLETED_TOGETHER, format)) && first(db, SUCCESSOR) !== undefined;
      } finally {
        db.close();
      }
    },
    200_000,
  );
  await comeToRest(world, site);
  await load.ended();
  await site.stop();
  await opened.journal.close();
}, 400_000);

afterAll(async () => site?.remove());

async function checked(plant: (copy: Copy) => unknown, patience: readonly string[] = []): Promise<string[]> {
  const folder = `${site.folder}-copy-${copies++}`;
  await cp(site.folder, folder, { recursive: true });
  try {
    const journalFile = path.join(folder, 'journal.jsonl');
    const [file, blobs] = [databaseIn(folder), path.join(folder, 'blobs')];
    const db = open(file);
    await plant({ folder, blobs, file, db, journal: await readJournal(journalFile) });
    if (db.open) db.close();
    const { violations, code } = await check(['--database', `file:${file}`, '--blobs', blobs, '--journal', journalFile, '--log', path.join(folder, 'server.log'), ...patience]);
    expect(code).toBe(violations.length === 0 ? 0 : 1);
    return violations;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Done = Extract<Recorded, { what: 'done' }>;
type Heard = Extract<Recorded, { what: 'event' }>;

/** What is told of an event last is what counts. */
const note = (folder: string, ...entries: Recorded[]) => appendFile(path.join(folder, 'journal.jsonl'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));

/** The first such write about a job that is still there: what belonged to a deleted project may be gone. */
const doneTo = ({ db, journal }: Copy, op: string): Done =>
  journal.filter((entry) => entry.what === 'done').find((entry) => entry.op === op && first(db, `SELECT 1 FROM "Job" WHERE "id" = ?`, entry.job))!;

function addEvent(db: Database.Database, experiment: string, type: string, job: string | null, data: object = {}): void {
  const { next } = first(db, `SELECT "nextEventSequence" AS next FROM "Experiment" WHERE "id" = ?`, experiment);
  db.prepare(`INSERT INTO "Event" ("experimentId", "sequence", "type", "jobId", "data", "createdAt") VALUES (?, ?, ?, ?, ?, ?)`).run(experiment, next, type, job, JSON.stringify(data), Date.now());
  db.prepare(`UPDATE "Experiment" SET "nextEventSequence" = "nextEventSequence" + 1 WHERE "id" = ?`).run(experiment);
}

const waitingWith = (updates: number, job: Row) => ({ updates, num_devices: job['numDevices'] as number, num_awaited: 1, devices: { ['d'.repeat(32)]: null } });

/** Changes one number of an aggregate and covers all tracks: hash, name and event go with it. */
async function forgeAggregate({ db, blobs }: Copy, format: string): Promise<void> {
  const job = first(db, COMPLETED_TOGETHER, format);
  const file = path.join(blobs, 'models', job['blobKey'] as string);
  const before = await readFile(file);
  // Its last number, or one bit in the middle of the last tensors, which are small integers.
  const bytes = format === 'JSON' ? Buffer.from(before.toString().replace(/-?\d[\d.e+-]*(?=[^\d]*$)/, '0.123456789')) : Buffer.from(before);
  if (format !== 'JSON') bytes[bytes.length - 6 - 13 - 9]! ^= 1;
  const hash = createHash('sha256').update(bytes).digest('hex');
  const { sha256 } = first(db, `SELECT "sha256" FROM "StoredModel" WHERE "blobKey" = ?`, job['blobKey']);
  const key = (job['blobKey'] as string).replace(sha256 as string, hash);
  await writeFile(file, bytes);
  await rename(file, path.join(blobs, 'models', key));
  db.prepare(`UPDATE "StoredModel" SET "sha256" = ?, "blobKey" = ? WHERE "blobKey" = ?`).run(hash, key, job['blobKey']);
  db.prepare(`UPDATE "Event" SET "data" = replace("data", ?, ?)`).run(sha256, hash);
}

const faults: ReadonlyArray<readonly [what: string, said: RegExp, plant: (copy: Copy) => unknown]> = [
  ['a lost update', /update of device \w+ for job \w+ was acknowledged and is lost/, (copy) => {
    const { job, device } = doneTo(copy, 'device.submit_model_update');
    copy.db.prepare(`DELETE FROM "JobUpdate" WHERE "jobId" = ? AND "deviceId" = ?`).run(job, device);
  }],
  ['a lost job', /job\.create was acknowledged, and job \w+ is not there/, (copy) => {
    copy.db.prepare(`DELETE FROM "Job" WHERE "id" = ?`).run(doneTo(copy, 'job.create').job);
  }],
  ['a lost device', /device\.create was acknowledged, and device \w+ is not there/, ({ db, journal }) => {
    const there = journal.filter((entry) => entry.what === 'done' && entry.op === 'device.create').find((entry) => first(db, `SELECT 1 FROM "Device" WHERE "id" = ?`, (entry as { device: string }).device));
    db.prepare(`DELETE FROM "Device" WHERE "id" = ?`).run((there as { device: string }).device);
  }],
  ['a deletion that did not last', /device\.delete was acknowledged, and device \w+ still counts/, async ({ db, folder }) => {
    const { id } = first(db, `SELECT "id" FROM "Device" WHERE "deletedAt" IS NULL LIMIT 1`);
    await note(folder, { what: 'done', id: 0, op: 'device.delete', device: id, at: 1 });
  }],
  ['a cancelled job that came back to life', /job\.cancel was acknowledged, and job \w+ is FAILED/, (copy) => {
    copy.db.prepare(`UPDATE "Job" SET "status" = 'FAILED' WHERE "id" = ?`).run(doneTo(copy, 'job.cancel').job);
  }],
  ['an event that was taken back', /Event \d+ of experiment \w+ was shown to a listener as job_initialized and is job_forgotten now/, ({ db, journal }) => {
    const seen = journal.find((entry) => entry.what === 'event' && entry.type === 'job_initialized') as Extract<Recorded, { what: 'event' }>;
    db.prepare(`UPDATE "Event" SET "type" = 'job_forgotten' WHERE "experimentId" = ? AND "sequence" = ?`).run(seen.experiment, seen.sequence);
  }],
  ['a job made twice', /\d+ jobs of experiment \w+; \d+ were acknowledged, and only 0 requests went unanswered/, ({ db }) => {
    const job = first(db, `SELECT * FROM "Job" WHERE "status" = 'CANCELLED' LIMIT 1`);
    const { next } = first(db, `SELECT "nextJobSequence" AS next FROM "Experiment" WHERE "id" = ?`, job['experimentId']);
    const twin = { ...job, id: 'f'.repeat(32), sequence: next, version: 2 };
    db.prepare(`INSERT INTO "Job" (${Object.keys(twin).map((name) => `"${name}"`).join()}) VALUES (${Object.keys(twin).map(() => '?').join()})`).run(...Object.values(twin));
    db.prepare(`UPDATE "Experiment" SET "nextJobSequence" = "nextJobSequence" + 1 WHERE "id" = ?`).run(job['experimentId']);
    addEvent(db, job['experimentId'], 'job_initialized', twin.id, { sequence: next, retry_of: null });
    addEvent(db, job['experimentId'], 'job_cancelled', twin.id, { reason: 'planted' });
  }],
  ['two live jobs in the events', /two live jobs at once/, ({ db }) => {
    const job = first(db, `SELECT * FROM "Job" WHERE "sequence" = 2 AND "startedAt" IS NOT NULL LIMIT 1`);
    const start = first(db, `SELECT * FROM "Event" WHERE "jobId" = ? AND "type" = 'job_in_progress'`, job['id']);
    const end = first(db, `SELECT * FROM "Event" WHERE "experimentId" = ? AND "sequence" < ? AND "type" IN ('job_completed', 'job_cancelled', 'job_failed') ORDER BY "sequence" DESC LIMIT 1`, job['experimentId'], start['sequence']);
    const move = db.prepare(`UPDATE "Event" SET "sequence" = ? WHERE "experimentId" = ? AND "sequence" = ?`);
    for (const [to, from] of [[0, start['sequence']], [start['sequence'], end['sequence']], [end['sequence'], 0]]) move.run(to, job['experimentId'], from);
  }],
  ['a step that no job may take', /went from COMPLETED to CANCELLED, which no job may/, ({ db }) => {
    const job = first(db, COMPLETED_TOGETHER, 'JSON');
    addEvent(db, job['experimentId'], 'job_cancelled', job['id'], { reason: 'planted' });
  }],
  ['an update that a waiting job took', /an update was taken for a job that is INITIALIZED/, ({ db }) => {
    const job = first(db, COMPLETED_TOGETHER, 'JSON');
    const sequenceOf = (type: string) => first(db, `SELECT MIN("sequence") AS "sequence" FROM "Event" WHERE "jobId" = ? AND "type" = ?`, job['id'], type)['sequence'] as number;
    const [start, update] = [sequenceOf('job_in_progress'), sequenceOf('model_update_submitted')];
    const move = db.prepare(`UPDATE "Event" SET "sequence" = ? WHERE "experimentId" = ? AND "sequence" = ?`);
    for (const [to, from] of [[0, start], [start, update], [update, 0]]) move.run(to, job['experimentId'], from);
  }],
  ['a gap in the events', /it is the \d+\. of the log and has another number/, ({ db }) => {
    db.prepare(`DELETE FROM "Event" WHERE "sequence" = 3`).run();
  }],
  ['an event that the catalogue does not have', /event \d+ \(job_paused\): nobody knows events of the type job_paused/, ({ db }) => {
    const job = first(db, COMPLETED_TOGETHER, 'JSON');
    addEvent(db, job['experimentId'], 'job_paused', job['id']);
  }],
  ['an event without a part of its data', /event \d+ \(model_update_submitted\): its data is wrong: data\.metrics/, ({ db }) => {
    db.prepare(`UPDATE "Event" SET "data" = json_remove("data", '$.metrics') WHERE "type" = 'model_update_submitted'`).run();
  }],
  ['a row that the events do not lead to', /is_active is true in its row and false by the events/, ({ db }) => {
    db.prepare(`UPDATE "Experiment" SET "isActive" = 1`).run();
  }],
  ['a job that starts from the wrong model', /does not start from where job \w+ ended/, ({ db }) => {
    const job = first(db, SUCCESSOR);
    db.prepare(`UPDATE "Job" SET "startModelId" = ? WHERE "id" = ?`).run(job['first'], job['id']);
  }],
  ['a rollback that the row does not know of', /its current model is not the one that the events lead to/, ({ db }) => {
    const { experimentId, sha256, size } = first(db, `SELECT m.* FROM "Experiment" e JOIN "StoredModel" m ON m."id" = e."startModelId" WHERE e."currentModelId" <> e."startModelId"`);
    addEvent(db, experimentId, 'current_model_changed', null, { sha256, size, updates: 0, by: 'rollback' });
  }],
  ['a rollback to what the job did not make', /it rolled back to the model \w+, and job \w+ made \w+/, ({ db }) => {
    const job = first(db, COMPLETED_TOGETHER, 'JSON');
    addEvent(db, job['experimentId'], 'current_model_changed', job['id'], { sha256: 'c'.repeat(64), size: 1, updates: job['updatesReceived'], by: 'rollback' });
  }],
  ['a rollback to a job that was cancelled', /it rolled back to job \w+, which is CANCELLED/, ({ db }) => {
    const job = first(db, `SELECT * FROM "Job" WHERE "status" = 'CANCELLED' LIMIT 1`);
    addEvent(db, job['experimentId'], 'current_model_changed', job['id'], { sha256: 'c'.repeat(64), size: 1, updates: job['updatesReceived'], by: 'rollback' });
  }],
  ['a rollback while a job runs', /the current model was changed by hand while job \w+ was IN_PROGRESS/, ({ db }) => {
    const start = first(db, `SELECT e."experimentId", e."sequence", m."sha256", m."size" FROM "Event" e JOIN "Experiment" x ON x."id" = e."experimentId" JOIN "StoredModel" m ON m."id" = x."startModelId" WHERE e."type" = 'job_in_progress' LIMIT 1`);
    addEvent(db, start['experimentId'], 'current_model_changed', null, { sha256: start['sha256'], size: start['size'], updates: 0, by: 'rollback' });
    // Right after the start. Two numbers are never alike, so the others make way by numbers that nobody has.
    const { last } = first(db, `SELECT MAX("sequence") AS "last" FROM "Event" WHERE "experimentId" = ?`, start['experimentId']);
    db.prepare(`UPDATE "Event" SET "sequence" = -("sequence" + 1) WHERE "experimentId" = ? AND "sequence" > ?`).run(start['experimentId'], start['sequence']);
    db.prepare(`UPDATE "Event" SET "sequence" = CASE WHEN "sequence" = ? THEN ? ELSE -"sequence" END WHERE "experimentId" = ? AND "sequence" < 0`).run(-(last + 1), start['sequence'] + 1, start['experimentId']);
  }],
  ['a job that is over and waits for devices', /a job that is COMPLETED waits for devices/, ({ db }) => {
    const job = first(db, COMPLETED_TOGETHER, 'JSON');
    addEvent(db, job['experimentId'], 'job_waiting', job['id'], waitingWith(job['updatesReceived'], job));
  }],
  ['a job that waits and tells of updates that it does not have', /it tells of 1 updates and 0 had been taken/, ({ db }) => {
    const job = first(db, COMPLETED_TOGETHER, 'JSON');
    const { sequence } = first(db, `SELECT "sequence" FROM "Event" WHERE "jobId" = ? AND "type" = 'job_in_progress'`, job['id']);
    addEvent(db, job['experimentId'], 'job_waiting', job['id'], waitingWith(1, job));
    // Right after its start. Two numbers are never alike, so the others make way by numbers that nobody has.
    db.prepare(`UPDATE "Event" SET "sequence" = -("sequence" + 1) WHERE "experimentId" = ? AND "sequence" > ?`).run(job['experimentId'], sequence);
    db.prepare(`UPDATE "Event" SET "sequence" = CASE WHEN "type" = 'job_waiting' AND "jobId" = ? THEN ? ELSE -"sequence" END WHERE "experimentId" = ? AND "sequence" < 0`).run(job['id'], sequence + 1, job['experimentId']);
  }],
  ['a job that is stuck', /Job \w+ is still AGGREGATION_IN_PROGRESS though everything has come to rest/, ({ db }) => {
    db.prepare(`UPDATE "Job" SET "status" = 'AGGREGATION_IN_PROGRESS' WHERE "id" = ?`).run(first(db, COMPLETED_TOGETHER, 'JSON')['id']);
  }],
  ['a task that is never run', /Task \w+ \(aggregate\) was never finished/, ({ db }) => {
    db.prepare(`UPDATE "Task" SET "finishedAt" = NULL`).run();
  }],
  ['an experiment that stood still', /stood still for 1[0-9]\.\d s before event/, async ({ db, folder, journal }) => {
    const calm = journal.find(({ what }) => what === 'calm')!.at;
    const { experimentId } = first(db, COMPLETED_TOGETHER, 'JSON');
    const told = journal.filter((entry): entry is Heard => entry.what === 'event' && entry.experiment === experimentId);
    // After the last job, somebody may have rolled back at leisure.
    const end = told.findLast(({ type }) => isEnd(type))!;
    const late = told.filter(({ at, sequence }) => at > calm || sequence >= end.sequence);
    await note(folder, ...late.map((entry) => ({ ...entry, at: calm + 15_000 })));
  }],
  ['an aggregation that nobody took over', /aggregation of job \w+ was not taken over: it ended 3[0-9]\.\d s after the kill of pid 1/, async ({ db, folder, journal }) => {
    const job = first(db, COMPLETED_TOGETHER, 'JSON');
    const heard = (type: string) => journal.find((entry): entry is Heard => entry.what === 'event' && entry.job === job['id'] && entry.type === type)!;
    const { at } = heard('job_aggregation_in_progress');
    await note(folder, { what: 'fault', kind: 'kill', pid: 1, moment: 'aggregation', at: at + 1 }, { ...heard('job_completed'), at: at + 35_000 });
  }],
  ['a flipped bit in an aggregate', /no longer has the bytes that were taken in/, async ({ db, blobs }) => {
    const file = path.join(blobs, 'models', first(db, COMPLETED_TOGETHER, 'SAFETENSORS')['blobKey'] as string);
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
  }],
  ['a safetensors aggregate that is not the mean', /not the weighted mean of its \d updates: tensor \w+ \(\w+\) differs at byte/, (copy) => forgeAggregate(copy, 'SAFETENSORS')],
  ['a JSON aggregate that is not the mean', /not the weighted mean of its \d updates: tensor \w+ holds/, (copy) => forgeAggregate(copy, 'JSON')],
  ['an update that is left out of its aggregate', /completed with \d updates and asks for \d/, ({ db }) => {
    const { id } = first(db, COMPLETED_TOGETHER, 'JSON');
    db.prepare(`DELETE FROM "JobUpdate" WHERE "jobId" = ? AND "deviceId" = (SELECT MAX("deviceId") FROM "JobUpdate" WHERE "jobId" = ?)`).run(id, id);
  }],
  ['an aggregation that took effect twice', /its completion took effect 2 times/, ({ db }) => {
    const job = first(db, COMPLETED_TOGETHER, 'JSON');
    addEvent(db, job['experimentId'], 'job_completed', job['id']);
  }],
  ['a model without its bytes', /has lost its bytes/, async ({ db, blobs }) => rm(path.join(blobs, 'models', first(db, COMPLETED_TOGETHER, 'JSON')['blobKey'] as string))],
  ['a project that was counted wrongly', /Project \w+ keeps \d+ bytes of models, and \d+ are counted/, ({ db }) => {
    db.prepare(`UPDATE "Project" SET "storedBytes" = "storedBytes" + 1`).run();
  }],
  ['an orphan blob', /The blob p\/orphan belongs to no model/, async ({ blobs }) => {
    await mkdir(path.join(blobs, 'models', 'p'));
    await writeFile(path.join(blobs, 'models', 'p', 'orphan'), 'x');
  }],
  ['a temporary file', /The temporary file staging\/lost\/half was left behind/, async ({ blobs }) => {
    await mkdir(path.join(blobs, 'staging', 'lost'));
    await writeFile(path.join(blobs, 'staging', 'lost', 'half'), 'x');
  }],
  ['a key in a log', /server\.log holds a key/, async ({ folder, journal }) => {
    const { key } = journal.findLast(({ what }) => what === 'key') as { key: string };
    await appendFile(path.join(folder, 'server.log'), `{"level":"debug","authorization":"${key}"}\n`);
  }],
  ['a key in the database', /vergeai\.db holds a key/, ({ db, journal }) => {
    db.prepare(`UPDATE "Project" SET "description" = ?`).run((journal.find(({ what }) => what === 'key') as { key: string }).key);
  }],
  ['a server error', /The load saw: GET \/x was answered 500/, ({ folder }) => note(folder, { what: 'wrong', sentence: 'GET /x was answered 500', at: 1 })],
  ['an end that nobody asked for', /The server \(pid 1\) ended unasked with 134/, ({ folder }) => note(folder, { what: 'unasked_exit', pid: 1, code: '134', output: '', at: 1 })],
  ['a row that points nowhere', /PRAGMA foreign_key_check says/, ({ db }) => {
    db.prepare(`UPDATE "Device" SET "projectId" = ?`).run('e'.repeat(32));
  }],
  ['a damaged database file', /PRAGMA integrity_check says|The database cannot be read/, async ({ db, file }) => {
    const { rootpage } = first(db, `SELECT rootpage FROM sqlite_master WHERE name = 'Event'`);
    const size = db.pragma('page_size', { simple: true }) as number;
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = await readFile(file);
    bytes.fill(0x5a, (rootpage - 1) * size + 8, rootpage * size);
    await writeFile(file, bytes);
  }],
];

describe('the checker', () => {
  it('finds nothing wrong with sound data', async () => {
    expect(await checked(() => {}, ['--patience', String(site.patienceSec)])).toEqual([]);
  });

  it.each(faults)('reports %s', async (_what, said, plant) => {
    expect((await checked(plant)).join('\n')).toMatch(said);
  });
});
