-- AlterTable
ALTER TABLE "Job" ADD COLUMN     "deviceTimeoutSec" DOUBLE PRECISION NOT NULL DEFAULT 60,
ADD COLUMN     "waitingSince" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "JobDevice" ADD COLUMN     "awaitedSince" TIMESTAMP(3);

-- Jobs that run already have waited for their devices since they started.
UPDATE "JobDevice"
SET "awaitedSince" = (SELECT "startedAt" FROM "Job" WHERE "Job"."id" = "JobDevice"."jobId"),
    "leaseExpiresAt" = (SELECT "startedAt" FROM "Job" WHERE "Job"."id" = "JobDevice"."jobId")
WHERE "state" = 'DRAWN' AND "jobId" IN (SELECT "id" FROM "Job" WHERE "status" = 'IN_PROGRESS');
