/** Gives a key back if it is one: `folder/name`, or a folder alone. Throws an Error otherwise, so that no key leads out of the storage. */
export function requireBlobKey(key: string): string {
  if (!isBlobKey(key)) throw new Error(`not a blob key: ${key}`);
  return key;
}

export const isBlobKey = (key: string): boolean => /^[\w-]+(\/[\w.-]+)?$/.test(key) && !key.includes('..');
