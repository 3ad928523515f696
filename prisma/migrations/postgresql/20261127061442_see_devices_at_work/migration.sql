-- CreateEnum
CREATE TYPE "ReplacementCause" AS ENUM ('REPORTED', 'LEASE_EXPIRED', 'DEVICE_DELETED', 'NEVER_CAME');

-- AlterTable
ALTER TABLE "Device" ADD COLUMN     "agent" TEXT,
ADD COLUMN     "ephemeralSince" TIMESTAMP(3),
ADD COLUMN     "name" TEXT,
ADD COLUMN     "searchName" TEXT,
ADD COLUMN     "seenAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Job" ADD COLUMN     "aggregationStartedAt" TIMESTAMP(3),
ADD COLUMN     "createdById" TEXT;

-- AlterTable
ALTER TABLE "JobDevice" ADD COLUMN     "cause" "ReplacementCause",
ADD COLUMN     "drawnAt" TIMESTAMP(3),
ADD COLUMN     "endedAt" TIMESTAMP(3),
ADD COLUMN     "heartbeatAt" TIMESTAMP(3),
ADD COLUMN     "leasedAt" TIMESTAMP(3),
ADD COLUMN     "progress" TEXT,
ADD COLUMN     "replacedById" TEXT,
ADD COLUMN     "replacesId" TEXT,
ADD COLUMN     "uploadingAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "DeviceLabel" (
    "deviceId" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,

    CONSTRAINT "DeviceLabel_pkey" PRIMARY KEY ("deviceId","label")
);

-- CreateIndex
CREATE INDEX "DeviceLabel_projectId_label_deviceId_idx" ON "DeviceLabel"("projectId", "label", "deviceId");

-- CreateIndex
CREATE INDEX "Device_ephemeralSince_idx" ON "Device"("ephemeralSince");

-- CreateIndex
CREATE INDEX "Task_kind_dedupeKey_idx" ON "Task"("kind", "dedupeKey");

-- AddForeignKey
ALTER TABLE "DeviceLabel" ADD CONSTRAINT "DeviceLabel_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the log tells of jobs and devices that are there already.
UPDATE "Job" SET "aggregationStartedAt" = v."at"
FROM (SELECT "jobId", min("createdAt") AS "at" FROM "Event" WHERE "type" = 'job_aggregation_in_progress' GROUP BY "jobId") AS v
WHERE v."jobId" = "Job"."id";

UPDATE "Job" SET "createdById" = v."actorId"
FROM (SELECT "jobId", min("actorId") AS "actorId" FROM "Event" WHERE "type" = 'job_initialized' GROUP BY "jobId") AS v
WHERE v."jobId" = "Job"."id";

UPDATE "JobDevice" SET "drawnAt" = j."createdAt" FROM "Job" AS j WHERE j."id" = "JobDevice"."jobId";

UPDATE "JobDevice" SET "endedAt" = v."createdAt", "replacedById" = v."substitute"
FROM (
    SELECT e."jobId", e."deviceId", e."createdAt", e."data"::jsonb ->> 'substitute' AS "substitute"
    FROM "Event" e
    JOIN (SELECT "experimentId", max("sequence") AS "sequence" FROM "Event" WHERE "type" = 'device_replaced' GROUP BY "experimentId", "jobId", "deviceId") AS last
      ON last."experimentId" = e."experimentId" AND last."sequence" = e."sequence"
) AS v
WHERE v."jobId" = "JobDevice"."jobId" AND v."deviceId" = "JobDevice"."deviceId" AND "JobDevice"."state" = 'REPLACED';

UPDATE "JobDevice" SET "replacesId" = r."deviceId", "drawnAt" = r."endedAt"
FROM "JobDevice" AS r
WHERE r."jobId" = "JobDevice"."jobId" AND r."replacedById" = "JobDevice"."deviceId";

UPDATE "JobDevice" SET "cause" = (CASE "reason"
    WHEN 'its lease lapsed' THEN 'LEASE_EXPIRED'
    WHEN 'the device was deleted' THEN 'DEVICE_DELETED'
    WHEN 'it did not come for the job' THEN 'NEVER_CAME'
    ELSE 'REPORTED'
END)::"ReplacementCause"
WHERE "state" = 'REPLACED';

UPDATE "JobDevice" SET "heartbeatAt" = "leaseExpiresAt" - interval '60 seconds' WHERE "state" = 'LEASED';

UPDATE "Device" SET "seenAt" = k."lastUsedAt" FROM "ApiKey" AS k WHERE k."deviceId" = "Device"."id";
