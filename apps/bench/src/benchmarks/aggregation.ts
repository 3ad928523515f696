import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { alternate } from '../alternate.js';
import { withFolder } from '../api-server.js';
import { startNumpy, type NumpyForm } from '../numpy.js';
import type { Options } from '../options.js';
import { memory } from '../process-figures.js';
import type { Figure, Result } from '../result.js';
import { bytesOf, safetensors, type ModelBytes } from '../safetensors.js';
import { startAggregation, type AggregationLoad } from '../start-aggregation.js';
import { median } from '../statistics.js';

const UPDATES = 10;
const PARAMETERS = 25_000_000;
/** What MODEL_WORKERS is unless an operator changes it. */
const THREADS = 2;
const IDLE_AFTER_MS = 500;
const forms = ['float32', 'float64', 'files'] as const satisfies readonly NumpyForm[];

type Times = Partial<Record<NumpyForm, number>>;

/** Ten updates of 100 MB through the server's own aggregation, against NumPy's weighted sum. */
export async function aggregation(options: Options): Promise<Result[]> {
  return withFolder(async (folder) => {
    const updates = await writeUpdates(folder);
    const layout = { format: 'safetensors', tensors: [{ name: 'tensor_0', dtype: 'F32', shape: [PARAMETERS] }] } as const;
    const aggregates = path.join(folder, 'aggregates');
    await mkdir(aggregates);
    const ours = await startAggregation(aggregates, THREADS, options.profile);
    const examples = updates.reduce((sum, { numExamples }) => sum + numExamples, 0);
    const coefficients = updates.map(({ numExamples }) => numExamples / examples);
    const offset = updateModel(0).head.length;
    const inMemory = await startNumpy('memory', { folder, offset, coefficients });
    const fromFiles = inMemory && (await startNumpy('files', { folder, offset, coefficients }));
    await pause(IDLE_AFTER_MS);
    const idle = memory(ours.pid);

    const toNumpy = async (): Promise<Times> => {
      const times: Times = {};
      for (const form of forms) {
        const numpy = form === 'files' ? fromFiles : inMemory;
        if (numpy) times[form] = await numpy.sum(form);
      }
      return times;
    };
    const toOurs = async () => {
      const { seconds, path: aggregate } = await ours.run({ updates, layout });
      return { seconds, aggregate };
    };
    await toNumpy();
    const { aggregate } = await toOurs();
    if (fromFiles) await requireSameNumbers(aggregate, path.join(folder, 'sum'));
    const measured = await alternate<Times & { seconds?: number }>(options.rounds, toNumpy, async () => {
      const result = await toOurs();
      await rm(result.aggregate);
      return { seconds: result.seconds };
    });
    const peak = { memory: memoryOf(inMemory), files: memoryOf(fromFiles), ours: memory(ours.pid)?.peak ?? Number.NaN };
    await Promise.all([ours.stop(), inMemory?.stop(), fromFiles?.stop()]);

    const seconds = measured.ours.map((round) => round.seconds!);
    const against = (form: NumpyForm, label: string): Figure => {
      const numpy = measured.bare.map((round) => round[form] ?? Number.NaN);
      if (!inMemory) return { label, bare: 'no NumPy', ours: median(seconds).toFixed(2) };
      const ratio = median(numpy.map((value, round) => value / seconds[round]!));
      // The sum in float32 is another, less exact one, so being as quick is no goal.
      return { label, bare: median(numpy).toFixed(2), ours: median(seconds).toFixed(2), value: ratio, ...(form !== 'float32' && { goal: { atLeast: 1 } }) };
    };
    return [
      {
        name: 'aggregation',
        what:
          `the weighted mean of ${UPDATES} updates of ${PARAMETERS.toLocaleString('en')} float32 numbers, from files whose hash is checked to a file on the disk, ` +
          `against ${inMemory ? 'NumPy' : 'NumPy, which python3 does not have here'}`,
        rounds: { ...measured, idleMiB: idle, peakMiB: peak },
        figures: [
          against('float64', 'aggregation: s; NumPy sums arrays in memory in float64'),
          against('float32', 'the same; NumPy sums them in float32'),
          against('files', 'the same; NumPy goes from files to a file with fsync, in float64'),
          { label: 'peak memory, MiB; NumPy has the arrays in memory', bare: shown(peak.memory), ours: shown(peak.ours), value: peak.ours, goal: { atMost: 300 } },
          { label: 'the same; NumPy goes from files to a file', bare: shown(peak.files), ours: shown(peak.ours) },
          { label: 'idle memory of the process, MiB', ours: shown(idle?.now ?? Number.NaN) },
        ],
      },
    ];
  });
}

const memoryOf = (numpy: { pid: number } | undefined) => (numpy && memory(numpy.pid)?.peak) ?? Number.NaN;
const shown = (MiB: number) => (Number.isNaN(MiB) ? '' : MiB.toFixed(0));

/** Every device has other numbers, and another number of examples. */
const updateModel = (device: number): ModelBytes => safetensors([PARAMETERS], device);

async function writeUpdates(folder: string): Promise<AggregationLoad['updates']> {
  const updates = [];
  for (let device = 0; device < UPDATES; device++) {
    const file = path.join(folder, String(device));
    const hash = createHash('sha256');
    const handle = await open(file, 'w');
    for (const bytes of bytesOf(updateModel(device))) {
      hash.update(bytes);
      await handle.writeFile(bytes);
    }
    // So that the disk is not still writing them while others are measured.
    await handle.sync();
    await handle.close();
    updates.push({ path: file, sha256: hash.digest('hex'), numExamples: 100 + device });
  }
  return updates;
}

/** A comparison counts only between programs that do the same. */
async function requireSameNumbers(aggregate: string, numpySum: string): Promise<void> {
  const [ours, theirs] = await Promise.all([readFile(aggregate), readFile(numpySum)]);
  // Before the numbers there is a header.
  if (!ours.subarray(-theirs.length).equals(theirs)) throw new Error('The aggregate is not what NumPy makes of the same updates.');
}
