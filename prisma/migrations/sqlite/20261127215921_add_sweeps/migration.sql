-- CreateTable
CREATE TABLE "Sweep" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "projectId" TEXT NOT NULL,
    "baseId" TEXT NOT NULL,
    "name" TEXT,
    "hyperparameters" TEXT NOT NULL,
    "seed" INTEGER,
    "numJobs" INTEGER NOT NULL,
    "job" TEXT NOT NULL,
    "goal" TEXT NOT NULL,
    "createdById" TEXT,
    "createdAt" DATETIME NOT NULL,
    "completedAt" DATETIME,
    "cancelledAt" DATETIME,
    CONSTRAINT "Sweep_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "sweep_id_length" CHECK (length("id") = 32),
    CONSTRAINT "sweep_num_jobs_positive" CHECK ("numJobs" > 0),
    CONSTRAINT "sweep_seed_not_negative" CHECK ("seed" >= 0)
);

-- CreateTable
CREATE TABLE "SweepMember" (
    "sweepId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "experimentId" TEXT NOT NULL,
    "seriesId" TEXT NOT NULL,
    "hyperparameters" TEXT NOT NULL,

    PRIMARY KEY ("sweepId", "position"),
    CONSTRAINT "SweepMember_sweepId_fkey" FOREIGN KEY ("sweepId") REFERENCES "Sweep" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "SweepMember_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "sweep_member_position_positive" CHECK ("position" > 0)
);

-- CreateIndex
CREATE INDEX "Sweep_projectId_createdAt_id_idx" ON "Sweep"("projectId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "SweepMember_experimentId_key" ON "SweepMember"("experimentId");
