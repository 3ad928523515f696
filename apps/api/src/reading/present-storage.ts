import type { ProjectStorage } from '../models/project-storage.js';

export const presentStorage = ({ storedBytes, maxBytes, ownMaxBytes }: ProjectStorage) => ({
  stored_bytes: storedBytes,
  max_bytes: Number.isFinite(maxBytes) ? maxBytes : null,
  own_max_bytes: ownMaxBytes,
});
