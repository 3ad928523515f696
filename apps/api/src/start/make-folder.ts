import { access, constants, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { SettingsError } from '../config.js';

/** Makes a folder that an operator has named, for this user only. Throws a SettingsError when it can't be used. */
export async function makeFolder(setting: string, folder: string): Promise<void> {
  try {
    await makeMissing(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SettingsError(
      `The folder ${folder} of ${setting} cannot be made or written (${(error as NodeJS.ErrnoException).code}). Set ${setting} to a folder that this user may write.`,
      { cause: error },
    );
  }
}

/** By hand: where a parent is there and takes no folders, as in /proc, Node's recursive mkdir tries for ever. */
async function makeMissing(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await isFolder(folder))) return;
    const parent = path.dirname(folder);
    if (code !== 'ENOENT' || (await isFolder(parent))) throw error;
    await makeMissing(parent);
    await makeMissing(folder);
  }
}

const isFolder = (name: string) =>
  stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
