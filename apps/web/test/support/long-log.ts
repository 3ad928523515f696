import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Stage } from './browser.js';

interface LongLog {
  readonly experiment_id: string;
  /** Of a job of the experiment, and of a device. */
  readonly job_id: string;
  readonly device_id: string;
  /** How many events it shall have. */
  readonly count: number;
}

/**
 * Makes an experiment's log long, straight in the database while no server has it: by its API that would take an hour. Of the new
 * events every thousandth is a `job_failed` with a job, every five hundredth else a `device_replaced` with a job and a device, and all
 * others say "Change <number>". They happened a second apart from each other.
 */
export async function lengthenLog(stage: Stage, { experiment_id, job_id, device_id, count }: LongLog): Promise<void> {
  await stage.killServer();
  const database = new DatabaseSync(path.join(stage.server.dataDir, 'vergeai.db'));
  database
    .prepare(
      `WITH RECURSIVE new(n) AS (
         SELECT max("sequence") + 1 FROM "Event" WHERE "experimentId" = :experiment UNION ALL SELECT n + 1 FROM new WHERE n < :count
       )
       INSERT INTO "Event" ("experimentId", "sequence", "type", "jobId", "deviceId", "data", "createdAt")
       SELECT :experiment, n,
         CASE WHEN n % 1000 = 0 THEN 'job_failed' WHEN n % 500 = 0 THEN 'device_replaced' ELSE 'experiment_updated' END,
         CASE WHEN n % 500 = 0 THEN :job END,
         CASE WHEN n % 1000 = 500 THEN :device END,
         CASE WHEN n % 1000 = 0 THEN json_object('reason', 'Failure ' || n) WHEN n % 500 = 0 THEN json_object('reason', 'Silence ' || n, 'substitute', NULL)
           ELSE json_object('description', 'Change ' || n) END,
         (SELECT "createdAt" FROM "Event" WHERE "experimentId" = :experiment AND "sequence" = 1) + n * 1000
       FROM new`,
    )
    .run({ experiment: experiment_id, job: job_id, device: device_id, count });
  database.prepare('UPDATE "Experiment" SET "nextEventSequence" = ? WHERE "id" = ?').run(count + 1, experiment_id);
  database.close();
  await stage.restartServer();
}
