import { stat } from 'node:fs/promises';
import { UsageError } from './usage-error.js';

/** @throws UsageError for what is no file that can be read */
export async function requireFile(file: string): Promise<void> {
  let found;
  try {
    found = await stat(file);
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${(error as Error).message.split(',')[0]}.`);
  }
  if (!found.isFile()) throw new UsageError(`${file} is not a file.`);
}
