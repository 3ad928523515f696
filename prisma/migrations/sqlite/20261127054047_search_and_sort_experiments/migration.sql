-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN "archivedAt" DATETIME;
ALTER TABLE "Experiment" ADD COLUMN "lastCompletedJobId" TEXT;
ALTER TABLE "Experiment" ADD COLUMN "searchName" TEXT;

-- AlterTable
ALTER TABLE "Job" ADD COLUMN "summary" TEXT;

-- CreateTable
CREATE TABLE "ExperimentTag" (
    "experimentId" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,

    PRIMARY KEY ("experimentId", "tag"),
    CONSTRAINT "ExperimentTag_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ExperimentMetric" (
    "experimentId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "projectId" TEXT NOT NULL,
    "jobId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" REAL NOT NULL,

    PRIMARY KEY ("experimentId", "position"),
    CONSTRAINT "ExperimentMetric_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "ExperimentTag_projectId_tag_experimentId_idx" ON "ExperimentTag"("projectId", "tag", "experimentId");

-- CreateIndex
CREATE INDEX "ExperimentMetric_projectId_name_value_experimentId_idx" ON "ExperimentMetric"("projectId", "name", "value", "experimentId");

-- CreateIndex
CREATE INDEX "Experiment_projectId_searchName_id_idx" ON "Experiment"("projectId", "searchName", "id");

-- What experiments that are there already are found and sorted by.
UPDATE "Experiment"
SET "searchName" = lower("name"),
    "lastCompletedJobId" = (SELECT "id" FROM "Job" WHERE "Job"."experimentId" = "Experiment"."id" AND "status" = 'COMPLETED' ORDER BY "sequence" DESC LIMIT 1);

-- A mean that overflows on its way is left out: the next job brings it.
INSERT INTO "ExperimentMetric" ("experimentId", "position", "projectId", "jobId", "name", "value")
SELECT "experimentId", row_number() OVER (PARTITION BY "experimentId" ORDER BY "name") - 1, "projectId", "jobId", "name", "value" FROM (
    SELECT e."id" AS "experimentId", e."projectId", u."jobId", m.key AS "name",
           row_number() OVER (PARTITION BY e."id" ORDER BY m.key) AS "place",
           sum(coalesce(u."numExamples", 1.0) * m.value) / sum(coalesce(u."numExamples", 1.0)) AS "value"
    FROM "Experiment" e
    JOIN "JobUpdate" u ON u."jobId" = e."lastCompletedJobId"
    JOIN json_each(u."metrics") m
    GROUP BY e."id", e."projectId", u."jobId", m.key
)
WHERE "place" <= 100 AND abs("value") <= 1.7976931348623157e308;
