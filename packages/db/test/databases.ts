import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDatabase } from '@vergeai/testkit';
import { inject, onTestFinished } from 'vitest';
import { openDatabase, type Database, type DatabaseKind, type OpenDatabaseOptions } from '../src/index.js';

export const KINDS: readonly DatabaseKind[] = ['sqlite', 'postgresql'];

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vergeai-db-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryFile(): string {
  return path.join(temporaryFolder(), 'test.db');
}

/** The url of an empty database of its own. */
export async function emptyDatabase(kind: DatabaseKind): Promise<string> {
  return kind === 'sqlite' ? `file:${temporaryFile()}` : await createDatabase(inject('postgresUrl'));
}

/** A slow machine may take as long as it likes for what comes all at once. */
export const PATIENT = { transaction: { maxWait: 100_000, timeout: 100_000 } };

/** Opened with the options of tests, closed with the test. */
export async function open(url: string, options: Partial<OpenDatabaseOptions> = {}): Promise<Database> {
  const database = await openDatabase({ url, allowUnsafeFsync: true, ...PATIENT, ...options });
  onTestFinished(() => database.close());
  return database;
}

/** Opened, migrated and empty. */
export async function freshDatabase(kind: DatabaseKind, options?: Partial<OpenDatabaseOptions>): Promise<Database> {
  return await open(await emptyDatabase(kind), options);
}
