import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, parseDatabaseUrl, statement } from '@vergeai/db';
import { isLoopback, SettingsError, type Config } from '../config.js';
import type { Context } from '../context.js';
import { BOOTSTRAP_KEY_ID, newApiKey } from '../access/api-key.js';
import { findActor } from '../access/find-actor.js';
import { requireSameSecret } from './require-same-secret.js';
import { takeOverLostSecret } from './take-over-lost-secret.js';
import { takeKnownStep } from '../writing/take-known-step.js';
import { takeStep } from '../writing/take-step.js';
import { recordAudit } from '../writing/record-audit.js';

/** What to tell of the admin's key on a loopback address: the key itself when it has just been made, later in which file it stands. */
export type AdminKey = { readonly file: string; readonly made?: string } | undefined;

/**
 * Makes the server admin and its key when the database is new, and keeps BOOTSTRAP_API_KEY the admin's key whenever it
 * is set. Throws a SettingsError when the database belongs to another secret, or when a server that others can reach
 * would have to make up a key.
 */
export async function prepareAdmin(ctx: Context): Promise<AdminKey> {
  await takeKnownStep(ctx, undefined, { statements: [nameServer({ secretFingerprint: ctx.secrets.fingerprint, now: ctx.clock.now() })] });
  // Another process may have been quicker to name it.
  if (ctx.config.newAdminKey) await takeOverLostSecret(ctx);
  else await requireSameSecret(ctx.db, ctx.secrets);
  const admin = await ctx.db.prisma.user.findFirst({ where: { isServerAdmin: true }, orderBy: { createdAt: 'asc' } });
  const { bootstrapApiKey, host, role } = ctx.config;
  if (bootstrapApiKey) {
    await setBootstrapKey(ctx, admin?.id ?? (await createAdmin(ctx)), bootstrapApiKey);
    return undefined;
  }
  // Whoever answers no requests need not know it.
  if (role !== 'worker') await endBootstrapKey(ctx);
  if (admin && ctx.config.newAdminKey) return { file: keyFile(ctx), made: await createAdminKey(ctx, admin.id) };
  if (admin) return isLoopback(host) ? keptKey(ctx) : undefined;
  refuseUnguarded(ctx.config);
  return { file: keyFile(ctx), made: await createAdminKey(ctx) };
}

/** Before anything is made, where it can be seen that it will be a first start: a refused one leaves nothing behind. Throws a SettingsError. */
export function refuseUnguardedFirstStart(config: Config): void {
  const database = parseDatabaseUrl(config.database.url);
  if (database.kind === 'sqlite' && !existsSync(database.file) && !config.bootstrapApiKey) refuseUnguarded(config);
}

function refuseUnguarded({ host }: Config): void {
  if (isLoopback(host)) return;
  throw new SettingsError(
    `This is the first start, and HOST=${host} lets other machines in. Set BOOTSTRAP_API_KEY to a secret of 32 characters or more; it becomes the admin's key.`,
  );
}

/** The first process to start names it; the row of whoever comes later is not needed. */
const nameServer = statement((server: { secretFingerprint: string; now: Date }) =>
  build
    .insertInto('Server')
    .values({ id: 1, secretFingerprint: server.secretFingerprint, createdAt: server.now })
    .onConflict((second) => second.doNothing()));

async function createAdmin(ctx: Context): Promise<string> {
  const id = ctx.newId();
  await takeStep(ctx, undefined, ({ tx }) => tx.user.create({ data: { id, name: 'server admin', isServerAdmin: true, createdAt: ctx.clock.now() } }));
  return id;
}

async function setBootstrapKey(ctx: Context, userId: string, key: string): Promise<void> {
  const secretHash = ctx.secrets.hashApiKey(key);
  const kept = await ctx.db.prisma.apiKey.findUnique({ where: { id: BOOTSTRAP_KEY_ID } });
  if (kept?.secretHash === secretHash) {
    if (kept.revokedAt) ctx.log.warn('BOOTSTRAP_API_KEY has been revoked and stays so; set it to another text to have an admin key again');
    if (kept.revokedAt || !kept.expiresAt) return;
  }
  const row = { kind: 'USER' as const, userId, secretHash, label: 'BOOTSTRAP_API_KEY', createdAt: ctx.clock.now(), expiresAt: null, revokedAt: null };
  await takeStep(ctx, undefined, async (step) => {
    await step.tx.apiKey.upsert({ where: { id: BOOTSTRAP_KEY_ID }, create: { id: BOOTSTRAP_KEY_ID, ...row }, update: row });
    await recordAudit(step, { action: 'bootstrap_key_set', subjectId: userId });
  });
}

/** It counts for as long as it is set. Ended, not revoked: set again, it counts again. */
async function endBootstrapKey(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  await takeStep(ctx, undefined, async (step) => {
    const { count } = await step.tx.apiKey.updateMany({ where: { id: BOOTSTRAP_KEY_ID, revokedAt: null, expiresAt: null }, data: { expiresAt: now } });
    if (count === 0) return;
    await recordAudit(step, { action: 'bootstrap_key_ended', subjectId: BOOTSTRAP_KEY_ID });
    ctx.log.warn('BOOTSTRAP_API_KEY is not set any more, so the key that it was counts no longer');
  });
}

const keyFile = (ctx: Context) => path.join(ctx.config.dataDir, 'admin-key');

/** The file before the row: a crash in between leaves a key that opens nothing, and the next start makes another. */
async function createAdminKey(ctx: Context, adminId?: string): Promise<string> {
  const { id, key } = newApiKey('vgu');
  await writeFile(keyFile(ctx), `${key}\n`, { mode: 0o600 });
  await chmod(keyFile(ctx), 0o600);
  const now = ctx.clock.now();
  await takeStep(ctx, undefined, async (step) => {
    const { tx } = step;
    const userId = adminId ?? ctx.newId();
    if (adminId === undefined) await tx.user.create({ data: { id: userId, name: 'server admin', isServerAdmin: true, createdAt: now } });
    const label = adminId === undefined ? 'first key' : 'NEW_ADMIN_KEY';
    await tx.apiKey.create({ data: { id, kind: 'USER', userId, secretHash: ctx.secrets.hashApiKey(key), label, createdAt: now } });
    await recordAudit(step, { action: adminId === undefined ? 'server_admin_created' : 'server_admin_key_made', subjectId: userId });
  });
  if (adminId !== undefined) ctx.log.warn({ file: keyFile(ctx) }, 'the server admin has a new key; take NEW_ADMIN_KEY away before the next start');
  return key;
}

/** Unless it has been revoked since: then it would be a key that does not work. */
async function keptKey(ctx: Context): Promise<AdminKey> {
  const key = await readFile(keyFile(ctx), 'utf8').catch(() => '');
  return (await findActor(ctx, key.trim())) && { file: keyFile(ctx) };
}
