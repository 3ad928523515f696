import { build, statement } from '@vergeai/db';
import { sessionTimes } from '../access/session.js';
import { CODE_MS } from '../access/sign-in-code.js';
import type { Context } from '../context.js';
import { takeKnownStep } from '../writing/take-known-step.js';

const endSooner = statement((at: { longest: Date }) => build.updateTable('Session').set({ expiresAt: at.longest }).where('expiresAt', '>', at.longest));
const wasUsedNow = statement((at: { now: Date }) => build.updateTable('Session').set({ lastUsedAt: at.now }).where('lastUsedAt', '>', at.now));
const forgetCodes = statement((at: { latest: Date }) => build.deleteFrom('SignInCode').where('expiresAt', '>', at.latest));

/** Puts right, at start, what was written when a clock was ahead: no session lasts longer than one that begins now, no code either. */
export async function recoverSessions(ctx: Context): Promise<void> {
  const { now, longest } = sessionTimes(ctx.timebase.now());
  const latest = new Date(now.getTime() + CODE_MS);
  await takeKnownStep(ctx, undefined, { statements: [endSooner({ longest }), wasUsedNow({ now }), forgetCodes({ latest })], makesRoom: true });
}
