-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "archivedAt" TIMESTAMP(3),
ADD COLUMN     "lastCompletedJobId" TEXT,
ADD COLUMN     "searchName" TEXT;

-- AlterTable
ALTER TABLE "Job" ADD COLUMN     "summary" TEXT;

-- CreateTable
CREATE TABLE "ExperimentTag" (
    "experimentId" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,

    CONSTRAINT "ExperimentTag_pkey" PRIMARY KEY ("experimentId","tag")
);

-- CreateTable
CREATE TABLE "ExperimentMetric" (
    "experimentId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "projectId" TEXT NOT NULL,
    "jobId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "ExperimentMetric_pkey" PRIMARY KEY ("experimentId","position")
);

-- CreateIndex
CREATE INDEX "ExperimentTag_projectId_tag_experimentId_idx" ON "ExperimentTag"("projectId", "tag", "experimentId");

-- CreateIndex
CREATE INDEX "ExperimentMetric_projectId_name_value_experimentId_idx" ON "ExperimentMetric"("projectId", "name", "value", "experimentId");

-- CreateIndex
CREATE INDEX "Experiment_projectId_searchName_id_idx" ON "Experiment"("projectId", "searchName", "id");

-- AddForeignKey
ALTER TABLE "ExperimentTag" ADD CONSTRAINT "ExperimentTag_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ExperimentMetric" ADD CONSTRAINT "ExperimentMetric_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What experiments that are there already are found and sorted by.
UPDATE "Experiment"
SET "searchName" = lower("name"),
    "lastCompletedJobId" = (SELECT "id" FROM "Job" WHERE "Job"."experimentId" = "Experiment"."id" AND "status" = 'COMPLETED' ORDER BY "sequence" DESC LIMIT 1);

-- Reckoned in numeric, which the largest of numbers don't overflow.
INSERT INTO "ExperimentMetric" ("experimentId", "position", "projectId", "jobId", "name", "value")
SELECT "experimentId", "position", "projectId", "jobId", "name", "value" FROM (
    SELECT e."id" AS "experimentId", e."projectId", u."jobId", m.key AS "name",
           row_number() OVER (PARTITION BY e."id" ORDER BY m.key) - 1 AS "position",
           (sum(coalesce(u."numExamples", 1)::numeric * m.value::text::numeric) / sum(coalesce(u."numExamples", 1)::numeric))::double precision AS "value"
    FROM "Experiment" e
    JOIN "JobUpdate" u ON u."jobId" = e."lastCompletedJobId"
    CROSS JOIN LATERAL jsonb_each(u."metrics"::jsonb) AS m
    GROUP BY e."id", e."projectId", u."jobId", m.key
) AS means
WHERE "position" < 100;
