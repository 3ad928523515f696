import { build, statement } from '@vergeai/db';
import type { Context } from '../context.js';
import { takeKnownStep } from '../writing/take-known-step.js';
import { isSameSecret } from './require-same-secret.js';

const changeSecret = statement((server: { secretFingerprint: string }) => build.updateTable('Server').set({ secretFingerprint: server.secretFingerprint }).where('id', '=', 1), 1);
const revokeAll = statement((at: { now: Date }) => build.updateTable('ApiKey').set({ revokedAt: at.now }).where('revokedAt', 'is', null));
/** They are sealed with the old secret. */
const forgetAnswers = statement(() => build.deleteFrom('IdempotentAnswer'));

/** Of a database whose secret is lost no key can be told from a wrong one, so none counts any more. Does nothing where the secret is the same. */
export async function takeOverLostSecret(ctx: Context): Promise<void> {
  if (await isSameSecret(ctx.db, ctx.secrets)) return;
  const { fingerprint } = ctx.secrets;
  await takeKnownStep(ctx, undefined, { statements: [changeSecret({ secretFingerprint: fingerprint }), revokeAll({ now: ctx.clock.now() }), forgetAnswers({})] });
  ctx.log.warn('the database was made with a secret that is lost: all its API keys are revoked');
}
