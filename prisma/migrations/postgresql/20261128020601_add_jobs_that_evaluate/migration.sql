-- Drafted from prisma/schema.prisma, then by hand: the named CHECK. A job may only evaluate, makes no model then, and its updates come without one.
CREATE TYPE "JobKind" AS ENUM ('TRAIN', 'EVALUATE');
ALTER TABLE "Job" ADD COLUMN     "kind" "JobKind" NOT NULL DEFAULT 'TRAIN';
ALTER TABLE "Job" DROP CONSTRAINT "job_completed_has_aggregate";
ALTER TABLE "Job" ADD CONSTRAINT "job_completed_has_aggregate" CHECK ("status" <> 'COMPLETED' OR ("aggregateModelId" IS NULL) = ("kind" = 'EVALUATE'));
ALTER TABLE "JobUpdate" ALTER COLUMN "modelId" DROP NOT NULL;
