-- CreateIndex
CREATE INDEX "Experiment_forkedFromId_idx" ON "Experiment"("forkedFromId");
