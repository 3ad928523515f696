-- AlterTable
ALTER TABLE "Job" ADD COLUMN "deviceTimeoutSec" REAL NOT NULL DEFAULT 60;
ALTER TABLE "Job" ADD COLUMN "waitingSince" DATETIME;

-- AlterTable
ALTER TABLE "JobDevice" ADD COLUMN "awaitedSince" DATETIME;

-- Jobs that run already have waited for their devices since they started.
UPDATE "JobDevice"
SET "awaitedSince" = (SELECT "startedAt" FROM "Job" WHERE "Job"."id" = "JobDevice"."jobId"),
    "leaseExpiresAt" = (SELECT "startedAt" FROM "Job" WHERE "Job"."id" = "JobDevice"."jobId")
WHERE "state" = 'DRAWN' AND "jobId" IN (SELECT "id" FROM "Job" WHERE "status" = 'IN_PROGRESS');
