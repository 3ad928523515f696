-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "bestJobId" TEXT,
ADD COLUMN     "bestValue" DOUBLE PRECISION,
ADD COLUMN     "keepBest" TEXT;

-- AlterTable
ALTER TABLE "Job" ADD COLUMN     "seriesId" TEXT;

-- CreateTable
CREATE TABLE "JobSeries" (
    "id" TEXT NOT NULL,
    "experimentId" TEXT NOT NULL,
    "numJobs" INTEGER NOT NULL,
    "stopWhen" TEXT,
    "bestJobId" TEXT,
    "bestValue" DOUBLE PRECISION,
    "countedValue" DOUBLE PRECISION,
    "stalled" INTEGER NOT NULL DEFAULT 0,
    "stoppedAt" TIMESTAMP(3),
    "stopReason" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "JobSeries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "job_series_id_length" CHECK (length("id") = 32),
    CONSTRAINT "job_series_num_jobs_positive" CHECK ("numJobs" > 0),
    CONSTRAINT "job_series_stalled_not_negative" CHECK ("stalled" >= 0)
);

-- CreateIndex
CREATE INDEX "JobSeries_experimentId_createdAt_id_idx" ON "JobSeries"("experimentId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Job_seriesId_idx" ON "Job"("seriesId");

-- AddForeignKey
ALTER TABLE "JobSeries" ADD CONSTRAINT "JobSeries_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
