-- CreateIndex
CREATE INDEX "Event_experimentId_type_sequence_idx" ON "Event"("experimentId", "type", "sequence");

-- CreateIndex
CREATE INDEX "Event_experimentId_jobId_sequence_idx" ON "Event"("experimentId", "jobId", "sequence");

-- CreateIndex
CREATE INDEX "Event_experimentId_deviceId_sequence_idx" ON "Event"("experimentId", "deviceId", "sequence");
