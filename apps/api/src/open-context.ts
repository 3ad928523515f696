import { mkdir } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { openDatabase } from '@vergeai/db';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import type { Context } from './context.js';
import { secretKey } from './keys/secret-key.js';
import { deriveSecrets } from './keys/secrets.js';
import { lockDataFolder } from './lock-data-folder.js';
import { createModelInspector } from './models/model-inspector.js';
import { FileBlobStore } from './storage/file-blob-store.js';

export interface OpenContext {
  readonly ctx: Context;
  close(): Promise<void>;
}

/**
 * The one place where the parts are put together. `onFatal` is told when a disk can no longer be trusted: the
 * process has to end then, as only a fresh start reads what is really there.
 */
export async function openContext(config: Config, log: Logger, onFatal: (error: unknown) => void): Promise<OpenContext> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const unlock = config.database.url.startsWith('file:') ? lockDataFolder(config.dataDir) : () => {};
  const secrets = deriveSecrets(await secretKey(config));
  const db = await openDatabase({
    ...config.database,
    onFatal,
    onConnectionError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  const storage = await FileBlobStore.open({ ...config.storage, onFatal });
  const models = createModelInspector(config.modelWorkers);
  return {
    ctx: {
      config,
      db,
      storage,
      models,
      secrets,
      log,
      clock: { now: () => new Date() },
      newId: () => randomBytes(16).toString('hex'),
    },
    async close() {
      await models.close();
      await db.close();
      unlock();
    },
  };
}
