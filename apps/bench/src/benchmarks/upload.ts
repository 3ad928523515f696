import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { alternate } from '../alternate.js';
import { startApi, withFolder, type ApiServer } from '../api-server.js';
import { startBare } from '../bare-server.js';
import { startLoadGenerator } from '../load-generator.js';
import type { Options } from '../options.js';
import { memory } from '../process-figures.js';
import type { Result } from '../result.js';
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

    const put = async (port: number, target: string) => (await load.run({ kind: 'upload', port, path: target, ...model, size: SIZE })).seconds;
    const toBare = async () => {
      const seconds = await put(bare.port, '/');
      await removeFiles(bareFolder);
      return seconds;
    };
    const toOurs = async () => {
      const seconds = await put(api.port, await newTicket(api, project_id));
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

/** Where to PUT the start model of a new experiment. */
async function newTicket(api: ApiServer, project_id: string): Promise<string> {
  const { ID } = await api.call<{ ID: string }>('POST', '/v1/experiment/create', { project_id });
  const { model_url } = await api.call<{ model_url: { url: string; fields: Record<string, string> } }>('POST', '/v1/experiment/submit_start_model', {
    project_id,
    experiment_id: ID,
  });
  return `${new URL(model_url.url).pathname}?${new URLSearchParams(model_url.fields).toString()}`;
}

/** Keeps the disk from filling up, and is not part of what is measured. */
const removeFiles = async (folder: string) => {
  await rm(folder, { recursive: true });
  await mkdir(folder);
};

/** A valid safetensors file of SIZE bytes: its head, and a block of finite F32 numbers to repeat. */
const model = safetensors();

function safetensors() {
  const head = new Uint8Array(128).fill(0x20);
  const dataBytes = SIZE - head.length;
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
  head.set(Buffer.from(JSON.stringify({ weight: { dtype: 'F32', shape: [dataBytes / 4], data_offsets: [0, dataBytes] } })), 8);
  const numbers = Float32Array.from({ length: MiB / 4 }, (_, index) => Math.sin(index));
  return { head, block: new Uint8Array(numbers.buffer) };
}
