import type { Call, UserActor } from '../../access/actor.js';
import { findSession, insertSession, sessionByToken } from '../../access/session.js';
import { takeCode } from '../../access/sign-in-code.js';
import type { Context } from '../../context.js';
import { earlier, timestamp } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

export interface SignIn {
  /** By which the caller was let in; a key otherwise. */
  readonly code?: string | undefined;
  /** Of the session that the browser has had until now. */
  readonly tokenBefore?: string | undefined;
  readonly userAgent?: string | undefined;
}

/**
 * Begins a session: always a new one, whatever the browser has come with. Of those who come with one code at the same
 * moment one gets a session. `lasts_sec` is how long it can last. Throws a Refusal `code_invalid`.
 */
export async function createSession(ctx: Context, call: Call<UserActor>, { code, tokenBefore, userAgent }: SignIn) {
  const before = tokenBefore && (await findSession(ctx, sessionByToken, { tokenHash: ctx.secrets.hashSessionToken(tokenBefore) }));
  return takeStep(ctx, call, async (step) => {
    const { tx } = step;
    if (code !== undefined && !(await takeCode(ctx, tx, code))) throw new Refusal('code_invalid');
    if (before && (await tx.session.deleteMany({ where: { id: before.id } })).count === 1) await recordAudit(step, { action: 'session_ended', subjectId: before.id });
    const key = await tx.apiKey.findUniqueOrThrow({ where: { id: call.actor.keyId }, select: { expiresAt: true } });
    const { id, token, expiresAt } = await insertSession(ctx, tx, call.actor, userAgent);
    await recordAudit(step, { action: 'session_created', subjectId: id, after: { by: code === undefined ? 'key' : 'code' } });
    const lasts = Math.min(expiresAt.getTime() - ctx.timebase.now().getTime(), (key.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - ctx.clock.now().getTime());
    return { token, expires_at: timestamp(earlier(expiresAt, key.expiresAt)), lasts_sec: Math.ceil(lasts / 1000) };
  });
}
