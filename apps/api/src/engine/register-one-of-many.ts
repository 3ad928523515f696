import { insert, UnexpectedChanges, type HotStatement } from '@vergeai/db';
import type { Call } from '../access/actor.js';
import { commitStatements } from '../writing/commit.js';
import type { Context } from '../context.js';
import { eventRow } from '../writing/record-event.js';
import { rowOfBytes } from '../models/model-row.js';
import { submittedEvent, type CheckedUpdate } from './model-update.js';

/**
 * Takes in an update that is wanted and does not complete the quorum, as known statements in one transaction. Gives
 * false, having changed nothing, when that is not how things stand: it is the last one, the job has closed, the ticket
 * was used, the device has submitted, the kinds of weight differ.
 */
export async function registerOneOfMany(ctx: Context, call: Call, update: CheckedUpdate): Promise<boolean> {
  try {
    await commitStatements(ctx, call, statements(ctx, call, update), undefined);
  } catch (error) {
    if (error instanceof UnexpectedChanges || ctx.db.isUniqueViolation(error)) return false;
    throw error;
  }
  ctx.signals.publish([{ about: 'experiment', id: update.experimentId }]);
  return true;
}

function statements(ctx: Context, call: Call, update: CheckedUpdate): HotStatement[] {
  const { projectId, experimentId, jobId, deviceId, staged, numExamples, metrics, ticket, model } = update;
  const now = ctx.clock.now();
  const { format, size, sha256 } = rowOfBytes(staged, update.layout);
  const event = eventRow(ctx, call, submittedEvent(update), 0);
  return [
    // The experiment's row first, as every move of the job engine does it.
    {
      sql: `UPDATE "Experiment" SET "version" = "version" + 1, "nextEventSequence" = "nextEventSequence" + 1, "updatedAt" = ? WHERE "id" = ? AND "projectId" = ?`,
      params: [now, experimentId, projectId],
      changes: 1,
    },
    ...(ticket ? [insert('UsedTicket', { id: ticket.id, expiresAt: new Date(ticket.expiresAt) })] : []),
    {
      sql: `UPDATE "JobDevice" SET "state" = 'SUBMITTED', "leaseExpiresAt" = NULL
            WHERE "jobId" = ? AND "deviceId" = ? AND "state" IN ('DRAWN', 'LEASED')
              AND NOT EXISTS (SELECT 1 FROM "JobUpdate" u WHERE u."jobId" = ? AND u."numExamples" IS ${numExamples === null ? 'NOT NULL' : 'NULL'})`,
      params: [jobId, deviceId, jobId],
      changes: 1,
    },
    // Not the last one, which has more to do.
    {
      sql: `UPDATE "Job" SET "updatesReceived" = "updatesReceived" + 1
            WHERE "id" = ? AND "status" = 'IN_PROGRESS' AND "updatesReceived" < "numDevices" - 1`,
      params: [jobId],
      changes: 1,
    },
    {
      sql: `INSERT INTO "StoredModel" ("id", "kind", "projectId", "experimentId", "jobId", "deviceId", "format", "size", "sha256", "blobKey", "parentId", "createdAt")
            VALUES (?, 'UPDATE', ?, ?, ?, ?, '${format}', ?, ?, ?, (SELECT j."startModelId" FROM "Job" j WHERE j."id" = ?), ?)`,
      params: [model.id, projectId, experimentId, jobId, deviceId, size, sha256, model.blobKey, jobId, now],
    },
    insert('JobUpdate', { jobId, deviceId, modelId: model.id, sha256, numExamples, metrics: JSON.stringify(metrics), createdAt: now }),
    {
      sql: `INSERT INTO "Event" ("experimentId", "sequence", "type", "jobId", "deviceId", "actorId", "keyId", "data", "createdAt")
            VALUES (?, (SELECT e."nextEventSequence" - 1 FROM "Experiment" e WHERE e."id" = ?), ?, ?, ?, ?, ?, ?, ?)`,
      params: [experimentId, experimentId, event.type, event.jobId, event.deviceId, event.actorId, event.keyId, event.data, event.createdAt],
    },
  ];
}
