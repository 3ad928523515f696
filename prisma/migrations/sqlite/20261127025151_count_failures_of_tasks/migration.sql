-- Attempts before this one ended with an error or with their server; which of both was not written down.
ALTER TABLE "Task" ADD COLUMN "failures" INTEGER NOT NULL DEFAULT 0;
