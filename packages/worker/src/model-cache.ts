/** Start models by the sha256 of their bytes, in hex. One cache may serve many workers, and may outlive them. */
export interface ModelCache {
  get(sha256: string): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  set(sha256: string, bytes: Uint8Array): Promise<void> | void;
}

/** One that answers at once. */
export interface MemoryCache extends ModelCache {
  get(sha256: string): Uint8Array | undefined;
  set(sha256: string, bytes: Uint8Array): void;
}

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/** Keeps the models used last, up to `maxBytes` of them, in memory. */
export function memoryCache(maxBytes = DEFAULT_MAX_BYTES): MemoryCache {
  // A Map gives its entries in the order they were set: the one used longest ago comes first.
  const models = new Map<string, Uint8Array>();
  let total = 0;
  const remove = (sha256: string) => {
    total -= models.get(sha256)?.length ?? 0;
    models.delete(sha256);
  };
  return {
    get(sha256) {
      const bytes = models.get(sha256);
      if (!bytes) return undefined;
      models.delete(sha256);
      models.set(sha256, bytes);
      return bytes;
    },
    set(sha256, bytes) {
      if (bytes.length > maxBytes) return;
      remove(sha256);
      for (const oldest of models.keys()) {
        if (total + bytes.length <= maxBytes) break;
        remove(oldest);
      }
      models.set(sha256, bytes);
      total += bytes.length;
    },
  };
}
