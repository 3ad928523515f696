import { createHash, randomBytes } from 'node:crypto';

/** `vgu_` for people, `vgd_` for devices. */
export type KeyPrefix = 'vgu' | 'vgd';

export interface NewApiKey {
  /** Names the key in lists and logs. Drawn apart from the secret, so it says nothing of it. */
  readonly id: string;
  /** `<prefix>_<id>_<secret><checksum>`: shown once. */
  readonly key: string;
}

/** The row under which BOOTSTRAP_API_KEY stands; it may be any string, so it carries no id of its own. */
export const BOOTSTRAP_KEY_ID = 'bootstrap';

const pattern = /^vg[ud]_([0-9a-z]{16})_([\w-]{43})([0-9a-f]{8})$/;

/** A key with 80 random bits of id, 256 of secret, and a checksum that lets scanners and typists know a real one. */
export function newApiKey(prefix: KeyPrefix): NewApiKey {
  const id = [...randomBytes(16)].map((byte) => (byte % 32).toString(32)).join('');
  const body = `${prefix}_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, key: body + checksum(body) };
}

/** Whether a key has the form of those that `newApiKey` makes. */
export const isServerMade = (key: string): boolean => pattern.test(key);

/**
 * Under which id to look a presented key up. Anything that is not one of ours can only be the bootstrap key.
 */
export function keyIdOf(presented: string): string {
  return pattern.exec(presented)?.[1] ?? BOOTSTRAP_KEY_ID;
}

const checksum = (body: string) => createHash('sha256').update(body).digest('hex').slice(0, 8);
