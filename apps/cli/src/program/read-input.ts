import { readFile } from 'node:fs/promises';
import { UsageError } from './usage-error.js';

/** All that comes in on stdin. */
export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A file that was named on the command line; `-` is stdin. @throws UsageError when it can't be read */
export async function readNamed(file: string): Promise<string> {
  if (file === '-') return readStdin();
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${(error as Error).message.split(',')[0]}.`);
  }
}

/** The same as JSON. */
export async function readNamedJson(file: string): Promise<unknown> {
  const text = await readNamed(file);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${file === '-' ? 'What came in' : file} is not JSON: ${(error as Error).message}.`);
  }
}
