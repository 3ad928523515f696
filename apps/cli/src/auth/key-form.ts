import { createHash } from 'node:crypto';

/** What a key looks like: an id, a secret, and a checksum that tells a whole key from a part of one. */
const WHOLE = /^(vg[ud])_[0-9a-z]{16}_[\w-]{43}([0-9a-f]{8})$/;

/** What is wrong with a key, as a sentence; undefined when nothing can be seen to be. */
export function keyFault(key: string): string | undefined {
  if (key === '') return 'No key was given.';
  if (!/^[\x21-\x7e]+$/.test(key)) return 'A key has no spaces, line breaks or letters beyond ASCII in it.';
  if (!/^vg[ud]_/.test(key)) return undefined; // One that whoever runs the server has chosen.
  const [, kind, checksum] = WHOLE.exec(key) ?? [];
  if (!checksum) return `A key has ${KEY_LENGTH} characters, and this has ${key.length}: a part is missing, or something else was copied with it.`;
  if (checksum !== createHash('sha256').update(key.slice(0, -checksum.length)).digest('hex').slice(0, checksum.length)) return 'The checksum at its end does not fit: a character was lost or changed on the way.';
  return kind === 'vgd' ? DEVICE_KEY : undefined;
}

const KEY_LENGTH = 'vgu_'.length + 16 + 1 + 43 + 8;

/** Why a device's key does not sign anybody in. */
export const DEVICE_KEY = "This is a device's key. It is for verge device run, by --key-file or VERGEAI_API_KEY; to sign in, use your own key, which begins with vgu_.";
