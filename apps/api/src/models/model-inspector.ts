import type { ModelFormat, ModelLayout } from '@vergeai/domain';
import { Piscina } from 'piscina';
import { Refusal } from '../refusal.js';
import type { InspectTask, Inspection } from './inspect-worker.js';

/** Checks models away from the main thread, so that a large one delays nobody. */
export interface ModelInspector {
  /**
   * Reads the whole file and gives its layout; with `expected`, also holds it to that layout.
   * Throws a Refusal `invalid_model` with a JSON pointer to the first offence.
   */
  inspect(path: string, format: ModelFormat, expected?: ModelLayout): Promise<ModelLayout>;
  close(): Promise<void>;
}

export function createModelInspector(maxThreads: number): ModelInspector {
  const pool = new Piscina<InspectTask, Inspection>({
    filename: new URL('./inspect-worker.js', import.meta.url).href,
    minThreads: 0,
    maxThreads,
    idleTimeout: 30_000,
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 2 },
  });
  return {
    async inspect(path, format, expected) {
      const inspection = await pool.run({ path, format, ...(expected && { expected }) });
      if (inspection.layout) return inspection.layout;
      const { message, pointer } = inspection.invalid;
      throw new Refusal('invalid_model', message, { errors: [{ path: `/model${pointer}`, message }] });
    },
    close: () => pool.close(),
  };
}
