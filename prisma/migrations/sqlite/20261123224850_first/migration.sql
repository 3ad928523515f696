-- Drafted from prisma/schema.prisma, then by hand: named CHECKs in the tables, partial unique indexes at the end.
-- DATETIME columns hold milliseconds since 1970 UTC as integers. The "_known" CHECKs are PostgreSQL's enums.

-- CreateTable
CREATE TABLE "Server" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "secretFingerprint" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "server_one_row" CHECK ("id" = 1)
);

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT,
    "isServerAdmin" BOOLEAN NOT NULL,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "user_id_length" CHECK (length("id") = 32)
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "userId" TEXT,
    "deviceId" TEXT,
    "secretHash" TEXT NOT NULL,
    "label" TEXT,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME,
    "revokedAt" DATETIME,
    "lastUsedAt" DATETIME,
    CONSTRAINT "ApiKey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "ApiKey_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "api_key_owner_matches_kind" CHECK (
        ("kind" = 'USER' AND "userId" IS NOT NULL AND "deviceId" IS NULL)
        OR ("kind" = 'DEVICE' AND "deviceId" IS NOT NULL AND "userId" IS NULL)
    )
);

-- CreateTable
CREATE TABLE "Project" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "project_id_length" CHECK (length("id") = 32)
);

-- CreateTable
CREATE TABLE "Member" (
    "projectId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("projectId", "userId"),
    CONSTRAINT "Member_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Member_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "member_level_known" CHECK ("level" IN (1, 5, 10, 100))
);

-- CreateTable
CREATE TABLE "Device" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "projectId" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "deletedAt" DATETIME,
    CONSTRAINT "Device_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "device_id_length" CHECK (length("id") = 32)
);

-- CreateTable
CREATE TABLE "Experiment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "projectId" TEXT NOT NULL,
    "name" TEXT,
    "description" TEXT,
    "hyperparameters" TEXT NOT NULL,
    "startModelId" TEXT,
    "currentModelId" TEXT,
    "currentJobId" TEXT,
    "isActive" BOOLEAN NOT NULL,
    "forkedFromId" TEXT,
    "version" INTEGER NOT NULL,
    "nextJobSequence" INTEGER NOT NULL,
    "nextEventSequence" INTEGER NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Experiment_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Experiment_startModelId_fkey" FOREIGN KEY ("startModelId") REFERENCES "StoredModel" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION,
    CONSTRAINT "Experiment_currentModelId_fkey" FOREIGN KEY ("currentModelId") REFERENCES "StoredModel" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION,
    CONSTRAINT "experiment_id_length" CHECK (length("id") = 32),
    CONSTRAINT "experiment_models_come_together" CHECK (("startModelId" IS NULL) = ("currentModelId" IS NULL))
);

-- CreateTable
CREATE TABLE "StoredModel" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "experimentId" TEXT NOT NULL,
    "jobId" TEXT,
    "deviceId" TEXT,
    "format" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "blobKey" TEXT NOT NULL,
    "parentId" TEXT,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "StoredModel_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "StoredModel_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "StoredModel_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "StoredModel" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION,
    CONSTRAINT "stored_model_id_length" CHECK (length("id") = 32),
    CONSTRAINT "stored_model_size_positive" CHECK ("size" > 0),
    CONSTRAINT "stored_model_sha256_length" CHECK (length("sha256") = 64),
    CONSTRAINT "stored_model_origin_matches_kind" CHECK (
        ("kind" = 'START' AND "jobId" IS NULL AND "deviceId" IS NULL)
        OR ("kind" = 'UPDATE' AND "jobId" IS NOT NULL AND "deviceId" IS NOT NULL)
        OR ("kind" = 'AGGREGATE' AND "jobId" IS NOT NULL AND "deviceId" IS NULL)
    ),
    CONSTRAINT "stored_model_format_known" CHECK ("format" IN ('JSON', 'SAFETENSORS'))
);

-- CreateTable
CREATE TABLE "ModelLayout" (
    "modelId" TEXT NOT NULL PRIMARY KEY,
    "layout" TEXT NOT NULL,
    CONSTRAINT "ModelLayout_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "StoredModel" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Job" (
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
    CONSTRAINT "Job_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Job_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Job_startModelId_fkey" FOREIGN KEY ("startModelId") REFERENCES "StoredModel" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION,
    CONSTRAINT "Job_aggregateModelId_fkey" FOREIGN KEY ("aggregateModelId") REFERENCES "StoredModel" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION,
    CONSTRAINT "job_id_length" CHECK (length("id") = 32),
    CONSTRAINT "job_completed_has_aggregate" CHECK ("status" <> 'COMPLETED' OR "aggregateModelId" IS NOT NULL),
    CONSTRAINT "job_live_has_start_model" CHECK ("status" NOT IN ('IN_PROGRESS', 'AGGREGATION_IN_PROGRESS') OR "startModelId" IS NOT NULL),
    CONSTRAINT "job_ended_when_final" CHECK (("status" IN ('COMPLETED', 'CANCELLED', 'FAILED')) = ("endedAt" IS NOT NULL)),
    CONSTRAINT "job_devices_at_least_one" CHECK ("numDevices" >= 1),
    CONSTRAINT "job_buffer_devices_not_negative" CHECK ("numBufferDevices" >= 0),
    CONSTRAINT "job_updates_within_quorum" CHECK ("updatesReceived" BETWEEN 0 AND "numDevices"),
    CONSTRAINT "job_aggregation_has_quorum" CHECK ("status" <> 'AGGREGATION_IN_PROGRESS' OR "updatesReceived" = "numDevices"),
    CONSTRAINT "job_status_known" CHECK ("status" IN ('INITIALIZED', 'IN_PROGRESS', 'AGGREGATION_IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'FAILED'))
);

-- CreateTable
CREATE TABLE "JobDevice" (
    "jobId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "leaseExpiresAt" DATETIME,
    "reason" TEXT,

    PRIMARY KEY ("jobId", "deviceId"),
    CONSTRAINT "JobDevice_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "JobDevice_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_device_state_known" CHECK ("state" IN ('DRAWN', 'LEASED', 'SUBMITTED', 'REPLACED'))
);

-- CreateTable
CREATE TABLE "JobUpdate" (
    "jobId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "numExamples" REAL,
    "metrics" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("jobId", "deviceId"),
    CONSTRAINT "JobUpdate_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "JobUpdate_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "JobUpdate_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "StoredModel" ("id") ON DELETE NO ACTION ON UPDATE NO ACTION
);

-- CreateTable
CREATE TABLE "Event" (
    "experimentId" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "jobId" TEXT,
    "deviceId" TEXT,
    "actorId" TEXT,
    "keyId" TEXT,
    "data" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,

    PRIMARY KEY ("experimentId", "sequence"),
    CONSTRAINT "Event_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AuditEvent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "action" TEXT NOT NULL,
    "projectId" TEXT,
    "subjectId" TEXT,
    "actorId" TEXT,
    "keyId" TEXT,
    "before" TEXT,
    "after" TEXT,
    "createdAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Task" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "dedupeKey" TEXT,
    "payload" TEXT NOT NULL,
    "runAt" DATETIME NOT NULL,
    "attempts" INTEGER NOT NULL,
    "fence" INTEGER NOT NULL,
    "leaseOwner" TEXT,
    "leaseExpiresAt" DATETIME,
    "lastError" TEXT,
    "createdAt" DATETIME NOT NULL,
    "finishedAt" DATETIME
);

-- CreateTable
CREATE TABLE "IdempotentAnswer" (
    "principal" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "requestHash" TEXT NOT NULL,
    "answer" BLOB NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME NOT NULL,

    PRIMARY KEY ("principal", "key")
);

-- CreateTable
CREATE TABLE "UsedTicket" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "expiresAt" DATETIME NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_deviceId_key" ON "ApiKey"("deviceId");

-- CreateIndex
CREATE INDEX "ApiKey_userId_createdAt_id_idx" ON "ApiKey"("userId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Project_createdAt_id_idx" ON "Project"("createdAt", "id");

-- CreateIndex
CREATE INDEX "Member_userId_idx" ON "Member"("userId");

-- CreateIndex
CREATE INDEX "Device_projectId_createdAt_id_idx" ON "Device"("projectId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Experiment_projectId_createdAt_id_idx" ON "Experiment"("projectId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Experiment_startModelId_idx" ON "Experiment"("startModelId");

-- CreateIndex
CREATE INDEX "Experiment_currentModelId_idx" ON "Experiment"("currentModelId");

-- CreateIndex
CREATE INDEX "StoredModel_projectId_idx" ON "StoredModel"("projectId");

-- CreateIndex
CREATE INDEX "StoredModel_experimentId_idx" ON "StoredModel"("experimentId");

-- CreateIndex
CREATE INDEX "StoredModel_blobKey_idx" ON "StoredModel"("blobKey");

-- CreateIndex
CREATE INDEX "StoredModel_parentId_idx" ON "StoredModel"("parentId");

-- CreateIndex
CREATE UNIQUE INDEX "Job_aggregateModelId_key" ON "Job"("aggregateModelId");

-- CreateIndex
CREATE INDEX "Job_projectId_idx" ON "Job"("projectId");

-- CreateIndex
CREATE INDEX "Job_startModelId_idx" ON "Job"("startModelId");

-- CreateIndex
CREATE INDEX "Job_status_deadlineAt_idx" ON "Job"("status", "deadlineAt");

-- CreateIndex
CREATE UNIQUE INDEX "Job_experimentId_sequence_key" ON "Job"("experimentId", "sequence");

-- CreateIndex
CREATE INDEX "JobDevice_deviceId_state_idx" ON "JobDevice"("deviceId", "state");

-- CreateIndex
CREATE INDEX "JobDevice_state_leaseExpiresAt_idx" ON "JobDevice"("state", "leaseExpiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "JobUpdate_modelId_key" ON "JobUpdate"("modelId");

-- CreateIndex
CREATE INDEX "JobUpdate_deviceId_idx" ON "JobUpdate"("deviceId");

-- CreateIndex
CREATE INDEX "AuditEvent_projectId_id_idx" ON "AuditEvent"("projectId", "id");

-- CreateIndex
CREATE INDEX "Task_finishedAt_runAt_idx" ON "Task"("finishedAt", "runAt");

-- CreateIndex
CREATE INDEX "IdempotentAnswer_expiresAt_idx" ON "IdempotentAnswer"("expiresAt");

-- CreateIndex
CREATE INDEX "UsedTicket_expiresAt_idx" ON "UsedTicket"("expiresAt");

-- Partial unique indexes: races that cannot happen.

-- At most one live job per experiment.
CREATE UNIQUE INDEX "job_one_live_per_experiment" ON "Job"("experimentId") WHERE "status" IN ('IN_PROGRESS', 'AGGREGATION_IN_PROGRESS');

-- One start model per experiment, one aggregate per job, one update per device and job.
CREATE UNIQUE INDEX "stored_model_one_start_per_experiment" ON "StoredModel"("experimentId") WHERE "kind" = 'START';
CREATE UNIQUE INDEX "stored_model_one_aggregate_per_job" ON "StoredModel"("jobId") WHERE "kind" = 'AGGREGATE';
CREATE UNIQUE INDEX "stored_model_one_update_per_device" ON "StoredModel"("jobId", "deviceId") WHERE "kind" = 'UPDATE';

-- The same work is not waiting twice.
CREATE UNIQUE INDEX "task_one_open_per_dedupe_key" ON "Task"("kind", "dedupeKey") WHERE "finishedAt" IS NULL AND "dedupeKey" IS NOT NULL;
