-- CreateIndex
CREATE INDEX "JobDevice_jobId_position_deviceId_idx" ON "JobDevice"("jobId", "position", "deviceId");
