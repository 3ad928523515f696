-- AlterTable
ALTER TABLE "Project" ADD COLUMN     "maxBytes" BIGINT,
ADD COLUMN     "storedBytes" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "Project" ADD CONSTRAINT "project_stored_bytes_not_negative" CHECK ("storedBytes" >= 0);
ALTER TABLE "Project" ADD CONSTRAINT "project_max_bytes_positive" CHECK ("maxBytes" > 0);

-- What is kept already. A fork's start model has the blob of the row that it came from.
UPDATE "Project"
SET "storedBytes" = (
    SELECT COALESCE(SUM("blob"."size"), 0)
    FROM (SELECT DISTINCT "blobKey", "size" FROM "StoredModel" WHERE "StoredModel"."projectId" = "Project"."id") AS "blob"
);
