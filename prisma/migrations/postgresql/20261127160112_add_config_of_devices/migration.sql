-- AlterTable
ALTER TABLE "Device" ADD COLUMN     "config" TEXT NOT NULL DEFAULT '{}';
