import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Failure } from '../program/failures.js';

/** A stored sign-in. */
export interface Profile {
  readonly url: string;
  readonly key?: string | undefined;
  /** Prints the key: keeps it in a keychain or a password store. */
  readonly key_command?: readonly string[] | undefined;
  /** Http without TLS to another machine was allowed when it was stored. */
  readonly insecure_http?: true | undefined;
  readonly project?: string | undefined;
  readonly experiment?: string | undefined;
}

/** The key of a device that `verge device run` may use. */
export interface DeviceProfile {
  readonly url: string;
  readonly device_id: string;
  readonly key: string;
}

export interface Config {
  readonly current?: string;
  readonly profiles: Readonly<Record<string, Profile>>;
  /** By project: one device each. */
  readonly devices?: Readonly<Record<string, DeviceProfile>>;
}

const NONE: Config = { profiles: {} };

/** Where settings are kept. */
export function configPath(): string {
  const { env, platform } = process;
  if (env['VERGE_CONFIG']) return path.resolve(env['VERGE_CONFIG']);
  if (platform === 'win32' && env['APPDATA']) return path.join(env['APPDATA'], 'verge', 'config.json');
  return path.join(env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config'), 'verge', 'config.json');
}

/** What is kept; `onTightened` hears that others could read it until now. @throws Failure when it can't be read as what it is */
export function readConfig(onTightened: (file: string) => void = () => {}): Config {
  const file = configPath();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      chmodSync(file, 0o600);
      onTightened(file);
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return NONE;
    throw new Failure(1, 'config_unreadable', `The settings in ${file} can't be read: ${(error as Error).message}.`);
  }
  try {
    const config = JSON.parse(text) as Partial<Config> | null;
    return { ...config, profiles: config?.profiles ?? {} };
  } catch {
    throw new Failure(1, 'config_broken', `The settings in ${file} are not JSON.`, `Mend the file, or delete it and sign in again: verge login`);
  }
}

/** Stores what `change` makes of what is kept: beside it, and renamed, so that nobody ever reads half of it. */
export function changeConfig(change: (config: Config) => Config): string {
  const file = configPath();
  const changed = change(readConfig());
  const beside = `${file}.${randomUUID()}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(beside, `${JSON.stringify(changed, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new Failure(1, 'config_unwritable', `The settings can't be kept in ${file}: ${(error as Error).message}.`, 'Name another file in VERGE_CONFIG, or use VERGEAI_API_KEY.');
  }
  return file;
}
