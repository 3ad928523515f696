import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startApi, withFolder } from '../api-server.js';
import { startLoadGenerator } from '../load-generator.js';
import { newExperiment } from '../new-experiment.js';
import type { Options } from '../options.js';
import { cpuSeconds, memory } from '../process-figures.js';
import type { Figure, Result } from '../result.js';
import { safetensors } from '../safetensors.js';
import { median } from '../statistics.js';

const DEVICES = 10;
const IDLE_AFTER_MS = 1500;
/** Of all rounds, so many come first and are not counted. */
const WARM_UP_SHARE = 0.2;

interface Size {
  readonly parameters: number;
  /** Numbers in each tensor. */
  readonly tensors: readonly number[];
  /** How many rounds for each of the options' rounds. */
  readonly times: number;
  /** What an in-memory framework with gRPC needed on two processors. */
  readonly goalMs: number;
}

const sizes: readonly Size[] = [
  { parameters: 21_840, tensors: [250, 10, 5000, 20, 16_000, 50, 500, 10], times: 30, goalMs: 15.5 },
  { parameters: 2_500_000, tensors: Array.from({ length: 10 }, () => 250_000), times: 4, goalMs: 768 },
];

/** Whole job rounds with devices that train in no time, every step of them durable. */
export async function rounds(options: Options): Promise<Result[]> {
  const measured = [];
  for (const size of sizes) measured.push({ size, ...(await measure(size, options)) });
  return [
    {
      name: 'rounds',
      what:
        `from the first of ${DEVICES} devices hearing of a job to the first hearing of the next, on the devices' clock: each downloads the start model and ` +
        'submits it as its update by ticket and raw PUT; SQLite with synchronous=FULL, models on disk with fsync',
      rounds: measured,
      figures: measured.flatMap(figures),
    },
  ];
}

async function measure({ tensors, times }: Size, options: Options) {
  return withFolder(async (folder) => {
    const api = await startApi({ dataDir: path.join(folder, 'data'), profile: options.profile });
    const load = startLoadGenerator();
    const { project_id } = await api.call<{ project_id: string }>('POST', '/v1/project/create', { project_name: 'Benchmark' });
    await pause(IDLE_AFTER_MS);
    const idle = memory(api.pid);

    const deviceKeys: string[] = [];
    while (deviceKeys.length < DEVICES) {
      deviceKeys.push((await api.call<{ device_api_key: string }>('POST', '/v1/device/create', { project_id })).device_api_key);
    }
    const experiment = await newExperiment(api, project_id);
    await load.run({ kind: 'upload', port: api.port, path: experiment.startModelPath, ...safetensors(tensors) });
    // Queued ahead, so that each starts by itself when the one before it is complete.
    const jobs = options.rounds * times + 1;
    for (let created = 0; created < jobs; created++) {
      await api.call('POST', '/v1/job/create', { project_id, experiment_id: experiment.id, num_devices: DEVICES });
    }
    const cpuBefore = cpuSeconds(api.pid);
    const { milliseconds } = await load.run({ kind: 'rounds', port: api.port, projectId: project_id, deviceKeys, jobs });
    const cpu = (cpuSeconds(api.pid) ?? Number.NaN) - (cpuBefore ?? Number.NaN);
    const peak = memory(api.pid);
    await Promise.all([api.stop(), load.stop()]);
    return {
      milliseconds: milliseconds.slice(Math.floor(milliseconds.length * WARM_UP_SHARE)),
      cpuMilliseconds: (cpu * 1000) / jobs,
      idleMiB: idle?.now ?? Number.NaN,
      peakMiB: peak?.peak ?? Number.NaN,
    };
  });
}

function figures({ size, milliseconds, cpuMilliseconds, idleMiB, peakMiB }: { size: Size } & Awaited<ReturnType<typeof measure>>): Figure[] {
  const time = median(milliseconds);
  return [
    { label: `rounds: ${size.parameters.toLocaleString('en')} parameters, ms`, ours: time.toFixed(1), value: time, goal: { atMost: size.goalMs } },
    { label: "server's CPU time per round, ms", ours: cpuMilliseconds.toFixed(1) },
    { label: "server's peak memory, MiB", ours: peakMiB.toFixed(0), value: peakMiB, goal: { atMost: 300 } },
    { label: 'idle memory, MiB', ours: idleMiB.toFixed(0) },
  ];
}
