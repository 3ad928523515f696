import { readFileSync } from 'node:fs';
import { settings, SettingsError } from '../config.js';

const SUFFIX = '_FILE';

/** The names under which a file may be given that holds the value of a setting: `SECRET_KEY_FILE` for `SECRET_KEY`. */
export const fileSettings: readonly string[] = Object.keys(settings.shape).map((name) => `${name}${SUFFIX}`);

/**
 * The environment with the settings that files hold, as containers and systemd hand secrets over; a line's end at the end of a file does
 * not count. Throws a SettingsError that names every file that can't be read, is empty, or stands beside the setting itself.
 */
export function settingsFromFiles(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const read: Record<string, string> = {};
  const faults: string[] = [];
  for (const fileSetting of fileSettings) {
    const file = env[fileSetting];
    const name = fileSetting.slice(0, -SUFFIX.length);
    if (!file) continue;
    if (env[name]) {
      faults.push(`${fileSetting} and ${name} are both set: which one holds? Take one away.`);
      continue;
    }
    const value = contentOf(file);
    if (value instanceof Error) faults.push(`${fileSetting} names a file that can't be read: ${value.message}.`);
    else if (value === '') faults.push(`${fileSetting} names an empty file: ${file}.`);
    else read[name] = value;
  }
  if (faults.length > 0) throw new SettingsError(`The server can't start with these settings:\n${faults.map((fault) => `  ${fault}`).join('\n')}\nSee docs/settings.md.`);
  return { ...env, ...read };
}

function contentOf(file: string): string | Error {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    return error as Error;
  }
}
