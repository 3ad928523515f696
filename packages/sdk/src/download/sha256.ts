import { hex } from '../hex.js';

/** The hash of bytes in memory, in hex; undefined in a page served over plain http, where browsers have none. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
