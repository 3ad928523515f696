-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "aggregationStrategy" TEXT,
ADD COLUMN     "noisyRounds" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "privacySpent" DOUBLE PRECISION NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Job" ADD COLUMN     "aggregationReport" TEXT,
ADD COLUMN     "aggregationStrategy" TEXT,
ADD COLUMN     "noiseSeed" TEXT;

-- CreateTable
CREATE TABLE "ServerState" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "experimentId" TEXT NOT NULL,
    "currentOfId" TEXT,
    "modelId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "rounds" INTEGER NOT NULL,
    "clippingNorm" DOUBLE PRECISION,
    "size" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "blobKey" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ServerState_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "server_state_id_length" CHECK (length("id") = 32),
    CONSTRAINT "server_state_size_positive" CHECK ("size" > 0),
    CONSTRAINT "server_state_sha256_length" CHECK (length("sha256") = 64),
    CONSTRAINT "server_state_rounds_not_negative" CHECK ("rounds" >= 0),
    CONSTRAINT "server_state_current_of_its_own" CHECK ("currentOfId" = "experimentId")
);

-- CreateIndex
CREATE UNIQUE INDEX "ServerState_currentOfId_key" ON "ServerState"("currentOfId");

-- CreateIndex
CREATE INDEX "ServerState_projectId_idx" ON "ServerState"("projectId");

-- CreateIndex
CREATE INDEX "ServerState_experimentId_idx" ON "ServerState"("experimentId");

-- CreateIndex
CREATE INDEX "ServerState_modelId_idx" ON "ServerState"("modelId");

-- CreateIndex
CREATE INDEX "ServerState_blobKey_idx" ON "ServerState"("blobKey");

-- AddForeignKey
ALTER TABLE "ServerState" ADD CONSTRAINT "ServerState_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ServerState" ADD CONSTRAINT "ServerState_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ServerState" ADD CONSTRAINT "ServerState_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "StoredModel"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ServerState" ADD CONSTRAINT "ServerState_currentOfId_fkey" FOREIGN KEY ("currentOfId") REFERENCES "Experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
