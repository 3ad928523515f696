-- CreateTable
CREATE TABLE "TicketMetrics" (
    "ticketId" TEXT NOT NULL PRIMARY KEY,
    "jobId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "metrics" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    CONSTRAINT "TicketMetrics_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "TicketMetrics_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "TicketMetrics_jobId_deviceId_expiresAt_idx" ON "TicketMetrics"("jobId", "deviceId", "expiresAt");

-- CreateIndex
CREATE INDEX "TicketMetrics_deviceId_idx" ON "TicketMetrics"("deviceId");

-- CreateIndex
CREATE INDEX "TicketMetrics_expiresAt_idx" ON "TicketMetrics"("expiresAt");
