import { readFile } from 'node:fs/promises';
import { findActor } from '../access/find-actor.js';
import { insertCode, signInUrl } from '../access/sign-in-code.js';
import type { Context } from '../context.js';
import { takeStep } from '../writing/take-step.js';
import type { AdminKey } from './first-start.js';

/**
 * A link that signs whoever has started the server in as its admin, once, within a minute. Undefined where no key of the
 * admin's is at hand, and where it cannot be kept: a server whose disk is full starts all the same.
 */
export async function signInLink(ctx: Context, adminKey: AdminKey, url: string): Promise<string | undefined> {
  const key = ctx.config.bootstrapApiKey ?? adminKey?.made ?? (adminKey && (await readFile(adminKey.file, 'utf8')).trim());
  const admin = key === undefined ? undefined : await findActor(ctx, key);
  if (!admin) return undefined;
  try {
    const { code } = await takeStep(ctx, undefined, ({ tx }) => insertCode(ctx, tx, admin));
    return signInUrl(url, code);
  } catch (error) {
    ctx.log.warn({ err: error }, 'could not make a link to sign in with');
    return undefined;
  }
}
