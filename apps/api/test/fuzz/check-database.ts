import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase, type Database } from '@vergeai/db';

type Row = Record<string, unknown>;

/** Questions to which a sound database answers with no row. In the SQL both databases speak. */
const contradictions: Readonly<Record<string, string>> = {
  'more than one live job in an experiment': `SELECT "experimentId" FROM "Job" WHERE "status" IN ('IN_PROGRESS', 'AGGREGATION_IN_PROGRESS') GROUP BY "experimentId" HAVING COUNT(*) > 1`,
  'an event log with gaps': `SELECT e."id" FROM "Experiment" e LEFT JOIN "Event" v ON v."experimentId" = e."id" GROUP BY e."id", e."nextEventSequence" HAVING COUNT(v."sequence") <> e."nextEventSequence" - 1`,
  'job numbers with gaps': `SELECT e."id" FROM "Experiment" e LEFT JOIN "Job" j ON j."experimentId" = e."id" GROUP BY e."id", e."nextJobSequence" HAVING COUNT(j."id") <> e."nextJobSequence" - 1`,
  'a project without an owner': `SELECT p."id" FROM "Project" p WHERE NOT EXISTS (SELECT 1 FROM "Member" m WHERE m."projectId" = p."id" AND m."level" = 100)`,
  'a current job of another experiment': `SELECT e."id" FROM "Experiment" e JOIN "Job" j ON j."id" = e."currentJobId" WHERE j."experimentId" <> e."id"`,
  'a current job that is not there': `SELECT e."id" FROM "Experiment" e WHERE e."currentJobId" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "Job" j WHERE j."id" = e."currentJobId")`,
  'an active experiment without a live job': `SELECT e."id" FROM "Experiment" e WHERE e."isActive" AND e."pausedAt" IS NULL AND NOT EXISTS (SELECT 1 FROM "Job" j WHERE j."experimentId" = e."id" AND j."status" IN ('IN_PROGRESS', 'AGGREGATION_IN_PROGRESS'))`,
  'a paused experiment that is active without a job that runs or waits': `SELECT e."id" FROM "Experiment" e WHERE e."isActive" AND NOT EXISTS (SELECT 1 FROM "Job" j WHERE j."experimentId" = e."id" AND j."status" IN ('INITIALIZED', 'IN_PROGRESS', 'AGGREGATION_IN_PROGRESS'))`,
  'updates that were not counted': `SELECT j."id" FROM "Job" j WHERE j."updatesReceived" <> (SELECT COUNT(*) FROM "JobUpdate" u WHERE u."jobId" = j."id")`,
  'a completed job with fewer updates than are enough': `SELECT j."id" FROM "Job" j WHERE j."status" = 'COMPLETED' AND j."updatesReceived" < COALESCE(j."minDevices", j."numDevices")`,
  'an evaluation with a model, or a training without one': `SELECT u."jobId" FROM "JobUpdate" u JOIN "Job" j ON j."id" = u."jobId" WHERE (u."modelId" IS NULL) <> (j."kind" = 'EVALUATE')`,
  'a project that keeps other than what is counted': `SELECT p."id", p."storedBytes" FROM "Project" p WHERE p."storedBytes" <> (SELECT COALESCE(SUM(b."size"), 0) FROM (SELECT DISTINCT m."blobKey", m."size", m."projectId" FROM "StoredModel" m) b WHERE b."projectId" = p."id")`,
  'a model outside its project': `SELECT m."id" FROM "StoredModel" m JOIN "Experiment" e ON e."id" = m."experimentId" WHERE e."projectId" <> m."projectId"`,
  'a key of a deleted device that works': `SELECT k."id" FROM "ApiKey" k JOIN "Device" d ON d."id" = k."deviceId" WHERE d."deletedAt" IS NOT NULL AND k."revokedAt" IS NULL`,
};

/** Everything that is wrong with a server's data, once the server has stopped. */
export async function checkDatabase(dataDir: string, databaseUrl: string | undefined): Promise<string[]> {
  const file = path.join(dataDir, 'vergeai.db');
  const db = await openDatabase({ url: databaseUrl ?? `file:${file}`, migrate: false, allowUnsafeFsync: true });
  try {
    return [...(await askAll(db)), ...(await lostBlobs(db, path.join(dataDir, 'blobs'))), ...(databaseUrl ? [] : await keysIn([file, `${file}-wal`]))];
  } finally {
    await db.close();
  }
}

async function askAll(db: Database): Promise<string[]> {
  const wrong: string[] = [];
  for (const [what, question] of Object.entries(contradictions)) {
    const rows = await db.prisma.$queryRawUnsafe<Row[]>(question);
    if (rows.length > 0) wrong.push(`${what}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  if (db.kind === 'postgresql') return wrong;
  const integrity = await db.prisma.$queryRawUnsafe<Row[]>('PRAGMA integrity_check');
  const foreign = await db.prisma.$queryRawUnsafe<Row[]>('PRAGMA foreign_key_check');
  if (JSON.stringify(integrity) !== '[{"integrity_check":"ok"}]') wrong.push(`integrity: ${JSON.stringify(integrity)}`);
  if (foreign.length > 0) wrong.push(`foreign keys: ${JSON.stringify(foreign.slice(0, 3))}`);
  return wrong;
}

/** Rows without their bytes, and bytes that are neither staged for good reason nor in a row. */
async function lostBlobs(db: Database, dir: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const { blobKey, size } of await db.prisma.storedModel.findMany({ select: { blobKey: true, size: true } })) {
    const found = await stat(path.join(dir, 'models', blobKey)).catch(() => undefined);
    if (found?.size !== Number(size)) wrong.push(`${blobKey} has ${found?.size ?? 'no'} bytes of ${size}`);
  }
  const staged = await readdir(path.join(dir, 'staging'));
  if (staged.length > 0) wrong.push(`left in staging: ${staged.join(', ')}`);
  return wrong;
}

/** API keys as text in files. */
export async function keysIn(files: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const text = (await readFile(file).catch(() => Buffer.alloc(0))).toString('latin1');
      return (text.match(/vg[ud]_[0-9a-z]{16}_[\w-]{20,}/g) ?? []).map((key) => `${file} holds ${key.slice(0, 12)}…`);
    }),
  );
  return found.flat();
}
