-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN "pausedAt" DATETIME;
