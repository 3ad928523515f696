-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN "bestJobId" TEXT;
ALTER TABLE "Experiment" ADD COLUMN "bestValue" REAL;
ALTER TABLE "Experiment" ADD COLUMN "keepBest" TEXT;

-- AlterTable
ALTER TABLE "Job" ADD COLUMN "seriesId" TEXT;

-- CreateTable
CREATE TABLE "JobSeries" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "experimentId" TEXT NOT NULL,
    "numJobs" INTEGER NOT NULL,
    "stopWhen" TEXT,
    "bestJobId" TEXT,
    "bestValue" REAL,
    "countedValue" REAL,
    "stalled" INTEGER NOT NULL DEFAULT 0,
    "stoppedAt" DATETIME,
    "stopReason" TEXT,
    "createdAt" DATETIME NOT NULL,
    CONSTRAINT "JobSeries_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "job_series_id_length" CHECK (length("id") = 32),
    CONSTRAINT "job_series_num_jobs_positive" CHECK ("numJobs" > 0),
    CONSTRAINT "job_series_stalled_not_negative" CHECK ("stalled" >= 0)
);

-- CreateIndex
CREATE INDEX "JobSeries_experimentId_createdAt_id_idx" ON "JobSeries"("experimentId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Job_seriesId_idx" ON "Job"("seriesId");
