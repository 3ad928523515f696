import { nodeBuiltin } from '../node-builtin.js';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export interface Sha256 {
  update(chunk: Uint8Array): void;
  digest(): string;
}

/** A hash to feed chunk by chunk; undefined in browsers, which have none. */
export function incrementalSha256(): Sha256 | undefined {
  const hash = nodeBuiltin('node:crypto')?.createHash('sha256');
  return hash && { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('hex') };
}

/** The hash of bytes in memory; undefined in a page served over plain http, where browsers have none. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
