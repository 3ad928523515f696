import { randomBytes } from 'node:crypto';
import { build, query, type Transaction } from '@vergeai/db';
import type { Actor } from './actor.js';
import type { Context } from '../context.js';

export const CODE_MS = 60_000;

const codeByHash = query((code: { codeHash: string }) =>
  build.selectFrom('SignInCode').select(['keyId', 'keyHash', 'expiresAt']).where('codeHash', '=', code.codeHash));

/** Which key a code stands for, while it does. */
export async function findCode(ctx: Pick<Context, 'db' | 'secrets' | 'timebase'>, code: string) {
  const row = await ctx.db.hot.get(codeByHash, { codeHash: ctx.secrets.hashSignInCode(code) });
  return row && row.expiresAt > ctx.timebase.now() ? row : undefined;
}

/** Stores the hash of a new code for a key, and gives the code itself, which is nowhere else. */
export async function insertCode(ctx: Context, tx: Transaction, { keyId, keyHash }: Pick<Actor, 'keyId' | 'keyHash'>) {
  const code = randomBytes(32).toString('base64url');
  const expiresAt = new Date(ctx.timebase.now().getTime() + CODE_MS);
  await tx.signInCode.create({ data: { codeHash: ctx.secrets.hashSignInCode(code), keyId, keyHash, expiresAt }, select: { codeHash: true } });
  return { code, expiresAt };
}

/** Whether it was this call that used the code up. */
export async function takeCode(ctx: Context, tx: Transaction, code: string): Promise<boolean> {
  const { count } = await tx.signInCode.deleteMany({ where: { codeHash: ctx.secrets.hashSignInCode(code), expiresAt: { gt: ctx.timebase.now() } } });
  return count === 1;
}

/** The page that takes a code. It stands behind the `#`, which no browser sends anywhere. */
export const signInUrl = (baseUrl: string, code: string): string => `${baseUrl}/sign-in#code=${code}`;
