-- CreateTable
CREATE TABLE "TicketMetrics" (
    "ticketId" TEXT NOT NULL,
    "jobId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "metrics" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "TicketMetrics_pkey" PRIMARY KEY ("ticketId")
);

-- CreateIndex
CREATE INDEX "TicketMetrics_jobId_deviceId_expiresAt_idx" ON "TicketMetrics"("jobId", "deviceId", "expiresAt");

-- CreateIndex
CREATE INDEX "TicketMetrics_deviceId_idx" ON "TicketMetrics"("deviceId");

-- CreateIndex
CREATE INDEX "TicketMetrics_expiresAt_idx" ON "TicketMetrics"("expiresAt");

-- AddForeignKey
ALTER TABLE "TicketMetrics" ADD CONSTRAINT "TicketMetrics_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TicketMetrics" ADD CONSTRAINT "TicketMetrics_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device"("id") ON DELETE CASCADE ON UPDATE CASCADE;
