import type { Call, UserActor } from '../../access/actor.js';
import { insertCode, signInUrl } from '../../access/sign-in-code.js';
import type { Context } from '../../context.js';
import { timestamp } from '../../reading/times.js';
import { Refusal } from '../../refusal.js';
import { recordAudit } from '../../writing/record-audit.js';
import { takeStep } from '../../writing/take-step.js';

/** A code that stands for the caller's key once. Throws a Refusal `web_off`. */
export async function createSignInCode(ctx: Context, call: Call<UserActor>) {
  if (!ctx.config.web) throw new Refusal('web_off');
  return takeStep(ctx, call, async (step) => {
    const { code, expiresAt } = await insertCode(ctx, step.tx, call.actor);
    await recordAudit(step, { action: 'sign_in_code_created', subjectId: call.actor.keyId });
    return { code, url: signInUrl(call.baseUrl, code), expires_at: timestamp(expiresAt) };
  });
}
