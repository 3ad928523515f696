-- Drafted from prisma/schema.prisma, then by hand: a job may only evaluate, makes no model then, and its updates come without one.
-- SQLite changes no CHECK and takes back no NOT NULL, so both tables are built anew, with their CHECKs and indexes.
CREATE TABLE "new_Job" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "projectId" TEXT NOT NULL,
    "experimentId" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "numDevices" INTEGER NOT NULL,
    "numBufferDevices" INTEGER NOT NULL,
    "deviceSelectionStrategy" TEXT NOT NULL,
    "terminationCriteria" TEXT NOT NULL,
    "updatesReceived" INTEGER NOT NULL,
    "startModelId" TEXT,
    "aggregateModelId" TEXT,
    "billableSize" BIGINT,
    "reason" TEXT,
    "retryOfId" TEXT,
    "createdAt" DATETIME NOT NULL,
    "startedAt" DATETIME,
    "deadlineAt" DATETIME,
    "endedAt" DATETIME,
    "deviceTimeoutSec" REAL NOT NULL DEFAULT 60,
    "waitingSince" DATETIME,
    "summary" TEXT,
    "aggregationStartedAt" DATETIME,
    "createdById" TEXT,
    "aggregationReport" TEXT,
    "aggregationStrategy" TEXT,
    "noiseSeed" TEXT,
    "seriesId" TEXT,
    "deviceChoice" TEXT,
    "minDevices" INTEGER,
    "kind" TEXT NOT NULL DEFAULT 'TRAIN',
    CONSTRAINT "Job_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Job_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Job_startModelId_fkey" FOREIGN KEY ("startModelId") REFERENCES "StoredModel" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION,
    CONSTRAINT "Job_aggregateModelId_fkey" FOREIGN KEY ("aggregateModelId") REFERENCES "StoredModel" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION,
    CONSTRAINT "job_id_length" CHECK (length("id") = 32),
    CONSTRAINT "job_completed_has_aggregate" CHECK ("status" <> 'COMPLETED' OR ("aggregateModelId" IS NULL) = ("kind" = 'EVALUATE')),
    CONSTRAINT "job_live_has_start_model" CHECK ("status" NOT IN ('IN_PROGRESS', 'AGGREGATION_IN_PROGRESS') OR "startModelId" IS NOT NULL),
    CONSTRAINT "job_ended_when_final" CHECK (("status" IN ('COMPLETED', 'CANCELLED', 'FAILED')) = ("endedAt" IS NOT NULL)),
    CONSTRAINT "job_devices_at_least_one" CHECK ("numDevices" >= 1),
    CONSTRAINT "job_buffer_devices_not_negative" CHECK ("numBufferDevices" >= 0),
    CONSTRAINT "job_updates_within_quorum" CHECK ("updatesReceived" BETWEEN 0 AND "numDevices"),
    CONSTRAINT "job_aggregation_has_quorum" CHECK ("status" <> 'AGGREGATION_IN_PROGRESS' OR "updatesReceived" >= COALESCE("minDevices", "numDevices")),
    CONSTRAINT "job_min_devices_in_range" CHECK ("minDevices" BETWEEN 1 AND "numDevices"),
    CONSTRAINT "job_kind_known" CHECK ("kind" IN ('TRAIN', 'EVALUATE')),
    CONSTRAINT "job_status_known" CHECK ("status" IN ('INITIALIZED', 'IN_PROGRESS', 'AGGREGATION_IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'FAILED'))
);

INSERT INTO "new_Job" ("id", "projectId", "experimentId", "sequence", "status", "version", "numDevices", "numBufferDevices", "deviceSelectionStrategy", "terminationCriteria", "updatesReceived", "startModelId", "aggregateModelId", "billableSize", "reason", "retryOfId", "createdAt", "startedAt", "deadlineAt", "endedAt", "deviceTimeoutSec", "waitingSince", "summary", "aggregationStartedAt", "createdById", "aggregationReport", "aggregationStrategy", "noiseSeed", "seriesId", "deviceChoice", "minDevices")
SELECT "id", "projectId", "experimentId", "sequence", "status", "version", "numDevices", "numBufferDevices", "deviceSelectionStrategy", "terminationCriteria", "updatesReceived", "startModelId", "aggregateModelId", "billableSize", "reason", "retryOfId", "createdAt", "startedAt", "deadlineAt", "endedAt", "deviceTimeoutSec", "waitingSince", "summary", "aggregationStartedAt", "createdById", "aggregationReport", "aggregationStrategy", "noiseSeed", "seriesId", "deviceChoice", "minDevices" FROM "Job";
DROP TABLE "Job";
ALTER TABLE "new_Job" RENAME TO "Job";

CREATE UNIQUE INDEX "Job_aggregateModelId_key" ON "Job"("aggregateModelId");
CREATE INDEX "Job_seriesId_idx" ON "Job"("seriesId");
CREATE INDEX "Job_projectId_status_endedAt_idx" ON "Job"("projectId", "status", "endedAt");
CREATE INDEX "Job_startModelId_idx" ON "Job"("startModelId");
CREATE INDEX "Job_status_deadlineAt_idx" ON "Job"("status", "deadlineAt");
CREATE UNIQUE INDEX "Job_experimentId_sequence_key" ON "Job"("experimentId", "sequence");
CREATE UNIQUE INDEX "job_one_live_per_experiment" ON "Job"("experimentId") WHERE "status" IN ('IN_PROGRESS', 'AGGREGATION_IN_PROGRESS');

CREATE TABLE "new_JobUpdate" (
    "jobId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "modelId" TEXT,
    "sha256" TEXT NOT NULL,
    "numExamples" REAL,
    "metrics" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("jobId", "deviceId"),
    CONSTRAINT "JobUpdate_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "JobUpdate_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "JobUpdate_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "StoredModel" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION
);

INSERT INTO "new_JobUpdate" ("jobId", "deviceId", "modelId", "sha256", "numExamples", "metrics", "createdAt")
SELECT "jobId", "deviceId", "modelId", "sha256", "numExamples", "metrics", "createdAt" FROM "JobUpdate";
DROP TABLE "JobUpdate";
ALTER TABLE "new_JobUpdate" RENAME TO "JobUpdate";

CREATE UNIQUE INDEX "JobUpdate_modelId_key" ON "JobUpdate"("modelId");
CREATE INDEX "JobUpdate_deviceId_idx" ON "JobUpdate"("deviceId");
