import { readFile } from 'node:fs/promises';
import type { Check } from './evidence.js';

/** A key by its looks: kind, id, secret. */
const KEY = /vg[ud]_[0-9a-z]{16}_[\w-]{20,}/;

export const checkKeys: Check = {
  promise: 'No key in the database, the logs or the answers',
  async *run({ journal, contents, logs }) {
    const keys = journal.flatMap((entry) => (entry.what === 'key' ? [entry.key] : []));
    const places = [...contents, ...(await Promise.all(logs.map(async (where) => ({ where, bytes: await readFile(where) }))))];
    for (const { where, bytes } of places) {
      const text = bytes.toString('latin1');
      const looks = KEY.exec(text)?.[0];
      if (looks) yield `${where} holds a key: ${looks.slice(0, 12)}…`;
      for (const key of keys) {
        // The second half too: an id may be public, the secret may not.
        if (text.includes(key) || text.includes(key.slice(-24))) yield `${where} holds a key that was given out: ${key.slice(0, 8)}…`;
      }
    }
  },
};
