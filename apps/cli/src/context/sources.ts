import path from 'node:path';
import { findFolderFile, type FolderFile } from '../config/folder-file.js';
import { readConfig, type Config, type Profile } from '../config/config-file.js';
import type { GlobalOptions } from '../program/global-options.js';

/** Something, and where it is from: what `auth status` shows. */
export interface Sourced {
  readonly value: string;
  /** Such as `--url`, `VERGE_PROJECT`, `verge.json` or `profile default`. */
  readonly from: string;
}

export interface Setting extends Sourced {
  /** Whether a file in the folder says so, which may be anybody's. */
  readonly byFolder: boolean;
}

/** Everything that settings can come from. */
export interface Sources {
  readonly globals: GlobalOptions;
  readonly env: NodeJS.ProcessEnv;
  readonly folder: FolderFile | undefined;
  readonly config: Config;
  /** The profile that was asked for, or is current. */
  readonly profile: { readonly name: string; readonly settings: Profile } | undefined;
  /** The one that was asked for, and is not there. */
  readonly missing: string | undefined;
  /** Whether it was asked for on the command line. */
  readonly profileAsked: boolean;
}

export const DEFAULT_URL = 'http://127.0.0.1:3000';

export function readSources(globals: GlobalOptions, note: (line: string) => void): Sources {
  const { env } = process;
  const config = readConfig((file) => note(`${file} could be read by others; now only you can.`));
  const asked = globals.profile ?? (env['VERGE_PROFILE'] || undefined);
  const name = asked ?? config.current;
  const settings = name === undefined ? undefined : config.profiles[name];
  return {
    globals,
    env,
    config,
    folder: findFolderFile(),
    profile: settings && { name: name!, settings },
    missing: settings ? undefined : asked,
    profileAsked: globals.profile !== undefined,
  };
}

/** Every place that has a say in a setting, those that win first. */
export function candidates(sources: Sources, which: 'url' | 'project' | 'experiment'): Setting[] {
  const { globals, env, folder, profile, profileAsked } = sources;
  const variable = { url: 'VERGEAI_BASE_URL', project: 'VERGE_PROJECT', experiment: 'VERGE_EXPERIMENT' }[which];
  const fromProfile = profile && ([profile.settings[which], `profile ${profile.name}`] as const);
  const found: (readonly [value: string | undefined, from: string] | undefined)[] = [
    [globals[which], `--${which}`],
    profileAsked && which === 'url' ? fromProfile : undefined,
    [env[variable], variable],
    [folder?.settings[which], folder ? path.relative('', folder.file) : ''],
    fromProfile,
    which === 'url' ? [DEFAULT_URL, 'default'] : undefined,
  ];
  return found.flatMap((one) => (one?.[0] ? [{ value: one[0], from: one[1], byFolder: folder !== undefined && one[1] === path.relative('', folder.file) }] : []));
}

/** The one that counts. */
export const settingOf = (sources: Sources, which: 'url' | 'project' | 'experiment'): Setting | undefined => candidates(sources, which)[0];
