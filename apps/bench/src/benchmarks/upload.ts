import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { alternate } from '../alternate.js';
import { startApi, withFolder } from '../api-server.js';
import { startBare } from '../bare-server.js';
import { startLoadGenerator } from '../load-generator.js';
import { newExperiment } from '../new-experiment.js';
import type { Options } from '../options.js';
import { memory } from '../process-figures.js';
import type { Result } from '../result.js';
import { safetensors } from '../safetensors.js';
import { median } from '../statistics.js';

const MiB = 1024 * 1024;
const SIZE = 256 * MiB;
const IDLE_AFTER_MS = 1500;

/** A 256 MiB model as a raw PUT by ticket, against node:http piped to a file. */
export async function upload(options: Options): Promise<Result[]> {
  return withFolder(async (folder) => {
    const bareFolder = path.join(folder, 'bare');
    await mkdir(bareFolder);
    const api = await startApi({ dataDir: path.join(folder, 'data'), profile: options.profile });
    const bare = await startBare('bare-upload', { FOLDER: bareFolder });
    const load = startLoadGenerator();
    const { project_id } = await api.call<{ project_id: string }>('POST', '/v1/project/create', { project_name: 'Benchmark' });
    await pause(IDLE_AFTER_MS);
    const idle = { bare: memory(bare.pid), ours: memory(api.pid) };

    const put = async (port: number, target: string) => (await load.run({ kind: 'upload', port, path: target, ...model })).seconds;
    const toBare = async () => {
      const seconds = await put(bare.port, '/');
      await removeFiles(bareFolder);
      return seconds;
    };
    const toOurs = async () => {
      const seconds = await put(api.port, (await newExperiment(api, project_id)).startModelPath);
      await removeFiles(path.join(folder, 'data', 'blobs', 'models'));
      return seconds;
    };
    await toBare();
    await toOurs();
    const measured = await alternate(options.rounds, toBare, toOurs);
    const peak = { bare: memory(bare.pid), ours: memory(api.pid) };
    await Promise.all([api.stop(), bare.stop(), load.stop()]);

    const over = (side: 'bare' | 'ours') => (peak[side]?.peak ?? Number.NaN) - (idle[side]?.now ?? Number.NaN);
    const speed = (rounds: readonly number[]) => (SIZE / MiB / median(rounds)).toFixed(0);
    return [
      {
        name: 'upload',
        what: 'a 256 MiB safetensors model as a raw PUT by ticket, checked, registered and on disk, against node:http piped to a file with sha256 and fsync',
        rounds: { ...measured, idleMiB: idle, peakMiB: peak },
        figures: [
          {
            label: 'upload: MiB per second',
            bare: speed(measured.bare),
            ours: speed(measured.ours),
            value: median(measured.bare.map((seconds, round) => seconds / measured.ours[round]!)),
            goal: { atLeast: 0.9 },
          },
          { label: 'peak memory over idle, MiB', bare: over('bare').toFixed(0), ours: over('ours').toFixed(0), value: over('ours'), goal: { atMost: 128 } },
          { label: 'idle memory, MiB', bare: (idle.bare?.now ?? Number.NaN).toFixed(0), ours: (idle.ours?.now ?? Number.NaN).toFixed(0) },
        ],
      },
    ];
  });
}

/** Keeps the disk from filling up, and is not part of what is measured. */
const removeFiles = async (folder: string) => {
  await rm(folder, { recursive: true });
  await mkdir(folder);
};

const HEAD_BYTES = 128;
const model = safetensors([(SIZE - HEAD_BYTES) / 4]);
