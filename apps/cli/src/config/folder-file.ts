import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../program/usage-error.js';

/** What a folder says of the work that is done in it. */
export interface FolderSettings {
  readonly url?: string | undefined;
  readonly project?: string | undefined;
  readonly experiment?: string | undefined;
}

export interface FolderFile {
  readonly file: string;
  readonly settings: FolderSettings;
}

const NAME = 'verge.json';
const MEMBERS = ['url', 'project', 'experiment'] as const;

/** The nearest verge.json, here or above. @throws UsageError for one that is not what it should be, or holds a key */
export function findFolderFile(): FolderFile | undefined {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const file = path.join(folder, NAME);
    const text = readIfThere(file);
    if (text !== undefined) return { file, settings: parse(file, text) };
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Writes verge.json here, or changes the one that was found. */
export function writeFolderFile(settings: FolderSettings, file = path.join(process.cwd(), NAME)): string {
  writeFileSync(file, `${JSON.stringify(settings, undefined, 2)}\n`);
  return file;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(file: string, text: string): FolderSettings {
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is not JSON.`);
  }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) throw new UsageError(`${file} is not an object with url, project and experiment.`);
  for (const [name, value] of Object.entries(settings)) {
    if (/key|token|secret/i.test(name)) throw new UsageError(`${file} has "${name}", but a key has no place in a file that is shared.`, 'Take it out, revoke it, and sign in: verge login');
    if (!MEMBERS.includes(name as 'url') || typeof value !== 'string') throw new UsageError(`${file} has "${name}", which is none of the texts url, project and experiment.`);
  }
  return settings;
}
