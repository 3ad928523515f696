import { access, constants, mkdir } from 'node:fs/promises';
import { SettingsError } from './config.js';

/** Makes a folder that an operator has named, for this user only. Throws a SettingsError when it can't be used. */
export async function makeFolder(setting: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SettingsError(
      `The folder ${folder} of ${setting} cannot be made or written (${(error as NodeJS.ErrnoException).code}). Set ${setting} to a folder that this user may write.`,
      { cause: error },
    );
  }
}
