-- DropIndex
DROP INDEX "Job_projectId_status_idx";

-- CreateIndex
CREATE INDEX "Experiment_projectId_isActive_archivedAt_idx" ON "Experiment"("projectId", "isActive", "archivedAt");

-- CreateIndex
CREATE INDEX "Job_projectId_status_endedAt_idx" ON "Job"("projectId", "status", "endedAt");
