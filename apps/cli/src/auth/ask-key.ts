import { readFileSync } from 'node:fs';
import { Interrupted } from '../program/failures.js';
import { keyFault } from './key-form.js';

/** Where `npm start` keeps the first key of its server. */
const ADMIN_KEY_FILE = 'data/admin-key';

/** Asks for a key, without showing it. @throws Interrupted */
export async function askKey(url: string): Promise<string> {
  const { confirm, isCancel, password } = await import('./prompts.js');
  const onStderr = { output: process.stderr };
  const local = localKey(url);
  if (local) {
    const use = await confirm({ message: `Use the key in ./${ADMIN_KEY_FILE}?`, ...onStderr });
    if (isCancel(use)) throw new Interrupted('SIGINT');
    if (use) return local;
  }
  const key = await password({
    message: `Your key for ${url}`,
    mask: '•',
    validate: (text) => keyFault(cleaned(text ?? '')),
    ...onStderr,
  });
  if (isCancel(key)) throw new Interrupted('SIGINT');
  return cleaned(key);
}

/** Without the line end that was copied with it, and the marks that terminals put around what is pasted. */
export const cleaned = (text: string): string => text.replace(/\p{Cc}?\[20[01]~/gu, '').trim();

function localKey(url: string): string | undefined {
  if (!/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(url)) return undefined;
  try {
    return cleaned(readFileSync(ADMIN_KEY_FILE, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
