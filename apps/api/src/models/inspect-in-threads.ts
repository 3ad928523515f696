import { modelFormats } from '@vergeai/domain';
import { Piscina } from 'piscina';
import { Refusal } from '../refusal.js';
import inspectHere, { type InspectTask, type Inspection } from './inspect-worker.js';
import type { ModelInspector } from './model-inspector.js';

/** Up to so many bytes, checking takes no longer than handing it to a thread does: text takes longer than numbers. */
const CHECKED_HERE_BYTES = { text: 4 * 1024, numbers: 128 * 1024 };

export function createModelInspector(maxThreads: number): ModelInspector {
  const pool = new Piscina<InspectTask, Inspection>({
    filename: new URL('./inspect-worker.js', import.meta.url).href,
    minThreads: 0,
    maxThreads,
    idleTimeout: 30_000,
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 2 },
  });
  return {
    async inspect({ path, size, format }, expected) {
      const task = { path, format, ...(expected && { expected }) };
      const inspection = size <= CHECKED_HERE_BYTES[modelFormats[format].isText ? 'text' : 'numbers'] ? inspectHere(task) : await pool.run(task);
      if (inspection.layout) return inspection.layout;
      const { message, pointer } = inspection.invalid;
      throw new Refusal('invalid_model', message, { errors: [{ path: `/model${pointer}`, message }] });
    },
    close: () => pool.close(),
  };
}
