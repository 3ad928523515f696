-- AlterTable
ALTER TABLE "Job" ADD COLUMN "deviceChoice" TEXT;
