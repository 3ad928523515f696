-- AlterTable
ALTER TABLE "Experiment" ADD COLUMN     "pausedAt" TIMESTAMP(3);
