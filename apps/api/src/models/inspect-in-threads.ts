import { modelFormats } from '@vergeai/domain';
import { Piscina } from 'piscina';
import { Refusal } from '../refusal.js';
import inspectHere, { type InspectTask, type Inspection } from './inspect-worker.js';
import type { Inspected, ModelFile, ModelInspector } from './model-inspector.js';
import { Turns } from '../storage/turns.js';

/** Up to so much, checking takes no longer than handing it to a thread does: text takes longer than numbers. */
const CHECKED_HERE = { textBytes: 4 * 1024, bytes: 128 * 1024, layoutCharacters: 8 * 1024 };

export function createModelInspector(maxThreads: number, maxTensors: number): ModelInspector {
  const pool = new Piscina<InspectTask, Inspection>({
    filename: new URL('./inspect-worker.js', import.meta.url).href,
    minThreads: 0,
    maxThreads,
    idleTimeout: 30_000,
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 2 },
  });
  // One more than are at work, so that the next is ready; layouts that wait for a thread would add up.
  const turns = new Turns(maxThreads + 1);
  const taskOf = ({ path, format }: ModelFile): InspectTask => ({ path, format, maxTensors });
  return {
    inspect: async (file) => accepted(isSmall(file) ? inspectHere(taskOf(file)) : await pool.run(taskOf(file))),
    compare: (file, layout) =>
      turns.take(async () => {
        const task = { ...taskOf(file), expected: await layout() };
        accepted(isSmall(file) && task.expected.length <= CHECKED_HERE.layoutCharacters ? inspectHere(task) : await pool.run(task));
      }),
    close: () => pool.close(),
  };
}

const isSmall = ({ size, head, format }: ModelFile) =>
  size <= CHECKED_HERE.bytes && modelFormats[format].textBytes(head, size) <= CHECKED_HERE.textBytes;

function accepted({ valid, invalid }: Inspection): Inspected {
  if (valid) return valid;
  const { message, pointer } = invalid;
  throw new Refusal('invalid_model', message, { errors: [{ path: `/model${pointer}`, message }] });
}
