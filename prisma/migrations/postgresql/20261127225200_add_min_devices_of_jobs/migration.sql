-- Drafted from prisma/schema.prisma, then by hand: the named CHECKs. A job is aggregated with fewer updates than all if so many are enough.
ALTER TABLE "Job" ADD COLUMN     "minDevices" INTEGER;
ALTER TABLE "Job" ADD CONSTRAINT "job_min_devices_in_range" CHECK ("minDevices" BETWEEN 1 AND "numDevices");
ALTER TABLE "Job" DROP CONSTRAINT "job_aggregation_has_quorum";
ALTER TABLE "Job" ADD CONSTRAINT "job_aggregation_has_quorum" CHECK ("status" <> 'AGGREGATION_IN_PROGRESS' OR "updatesReceived" >= COALESCE("minDevices", "numDevices"));
