import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeModel, encodeModel } from '@vergeai/worker';
import { deviceBoard } from './device-board.js';
import { digitsToBytes } from './digits/digits.js';
import { readDigits } from './digits/read-digits.js';
import { labelsAtHome, shareDigits, type SharedDigits } from './digits/share-digits.js';
import { newExperiment } from './experiment.js';
import { Network, newModel } from './network.js';
import type { DemoOptions } from './options.js';
import { ownServer } from './own-server.js';
import type { AloneSetup, DeviceNews, DeviceSetup } from './processes/messages.js';
import type { Server } from './processes/server.js';
import { startProcess, type DemoProcess } from './processes/start-process.js';
import { seededRandom, seedOf } from './random.js';
import { count, percent, seconds, type Screen } from './screen/screen.js';
import { onStage, type Stage } from './stage.js';
import { hyperparameters } from './train.js';

export const DEVICES = 4;
/** The device that also trains alone. */
const LONE = 0;

export interface DemoResult {
  readonly seed: number;
  readonly url: string;
  readonly project_id: string;
  readonly experiment_id: string;
  readonly devices: readonly { device_id: string; mostly: readonly number[]; digits: number }[];
  readonly held_out: number;
  /** On the held-out digits, after each job. */
  readonly jobs: readonly { job_id: string; loss: number; accuracy: number; seconds: number }[];
  readonly accuracy: number;
  readonly alone: { device: number; accuracy: number };
  readonly model: { file: string; size: number; sha256: string };
  /** How often the demo's own server was started again. */
  readonly restarts: number;
  readonly seconds: number;
}

/** Runs the whole demo; rejects with the signal's reason when it is aborted. Whatever it started has ended when it settles. */
export async function runDemo(options: DemoOptions, screen: Screen, signal: AbortSignal): Promise<DemoResult> {
  const startedAt = performance.now();
  return onStage(
    'demo',
    signal,
    (stage) => steps({ ...stage, options, screen, startedAt }),
    async (folder, done) => {
      screen.live([]);
      const leave = done && options.out === undefined ? ['model.safetensors'] : [];
      if (!options.keep) await removeAllBut(folder, leave);
    },
  );
}

interface DemoStage extends Stage {
  readonly options: DemoOptions;
  readonly screen: Screen;
  readonly startedAt: number;
}

async function steps(stage: DemoStage): Promise<DemoResult> {
  const { options, screen, folder, startedAt, endings, fail } = stage;
  const { seed } = options;
  screen.say(`Four devices learn to read handwritten digits together, in ${options.jobs} jobs. Seed ${seed}.`);

  const own = options.server ? undefined : await ownServer(stage, screen.say);
  const server = options.server ?? { url: own!.url, key: own!.key };
  screen.say(
    own
      ? `A server of their own: ${own.url}, process ${own.pid()}. Kill it with -9 if you like; it is started again.`
      : `They use the server at ${server.url}.`,
  );

  const shared = shareDigits(readDigits(), DEVICES, options.digits, seed);
  const shardFiles = await writeShards(folder, shared);
  const given = hyperparameters(seed);
  const startModel = encodeModel(newModel(seededRandom(seedOf(seed, 3))), 'safetensors');
  await writeFile(path.join(folder, 'start.safetensors'), startModel);

  const experiment = await newExperiment(server, { project: 'Demo: handwritten digits', name: 'Digits on four devices', devices: DEVICES, hyperparameters: { ...given }, startModel });
  const shown = shared.shards.map(({ labels }, index) => ({ labels: labelsAtHome(index, DEVICES), digits: labels.length }));
  shown.forEach(({ labels, digits }, index) => screen.say(`  device ${index + 1}: ${count(digits)} digits, mostly ${labels.join(', ')}`));
  screen.say(`  held out: ${count(shared.heldOut.labels.length)} digits that no device has; on them every model is judged\n`);

  const alone = startAlone(folder, shardFiles, given, options.jobs);
  endings.push(() => alone.process.stop());
  const board = deviceBoard(screen, options.jobs, shown);
  const devices = experiment.devices.map(({ key }, shard) =>
    startProcess<DeviceSetup, DeviceNews>('device', { url: server.url, key, projectId: experiment.projectId, shard, shardFile: shardFiles[shard]! }),
  );
  devices.forEach((device, index) => {
    endings.push(() => device.stop());
    device.ended.then(() => fail(new Error(`Device ${index + 1} ended before the last job.`)), fail);
    device.onNews((news) => board.news(index, news));
  });
  if (options.crash && own) crashInTheMiddle(own, devices, options.jobs);

  const judge = (bytes: Uint8Array) => new Network(decodeModel(bytes)).judge(shared.heldOut);
  const jobIds = await experiment.addJobs(options.jobs);
  const jobs: DemoResult['jobs'][number][] = [];
  let [last, jobStartedAt] = [startModel as Uint8Array, performance.now()];
  for (const [index, job_id] of jobIds.entries()) {
    last = await experiment.modelOf(job_id);
    const now = performance.now();
    const job = { job_id, ...judge(last), seconds: (now - jobStartedAt) / 1000 };
    jobStartedAt = now;
    jobs.push(job);
    screen.say(`  job ${String(index + 1).padStart(String(options.jobs).length)} of ${options.jobs}   loss ${job.loss.toFixed(4)}   accuracy ${percent(job.accuracy)}   ${seconds(job.seconds)}`);
  }
  board.clear();

  await alone.process.ended;
  const lone = judge(await readFile(alone.file)).accuracy;
  const model = await writeModel(options.out ?? path.join(folder, 'model.safetensors'), last);
  const { accuracy } = jobs.at(-1)!;
  const result: DemoResult = {
    seed,
    url: server.url,
    project_id: experiment.projectId,
    experiment_id: experiment.experimentId,
    devices: shown.map(({ labels, digits }, index) => ({ device_id: experiment.devices[index]!.id, mostly: labels, digits })),
    held_out: shared.heldOut.labels.length,
    jobs,
    accuracy,
    alone: { device: LONE + 1, accuracy: lone },
    model,
    restarts: own?.restarts() ?? 0,
    seconds: (performance.now() - startedAt) / 1000,
  };
  summarise(result, screen);
  if (own && options.keep) screen.say(`To look at it:       DATA_DIR=${path.join(folder, 'data')} BOOTSTRAP_API_KEY=${own.key} npm start`);
  return result;
}

/** When the first device is half way through the middle job. */
function crashInTheMiddle(server: Server, devices: readonly DemoProcess<DeviceNews>[], jobs: number): void {
  let crashed = false;
  for (const device of devices) {
    device.onNews(({ sequence, done }) => {
      if (crashed || sequence < Math.ceil(jobs / 2) || done < 0.5) return;
      crashed = true;
      server.kill();
    });
  }
}

function writeShards(folder: string, { shards }: SharedDigits): Promise<string[]> {
  return Promise.all(
    shards.map(async (shard, index) => {
      const file = path.join(folder, `device-${index + 1}.digits`);
      await writeFile(file, digitsToBytes(shard));
      return file;
    }),
  );
}

function startAlone(folder: string, shardFiles: readonly string[], given: ReturnType<typeof hyperparameters>, jobs: number) {
  const file = path.join(folder, 'alone.safetensors');
  const setup = { shard: LONE, shardFile: shardFiles[LONE]!, modelFile: path.join(folder, 'start.safetensors'), trainedFile: file, hyperparameters: given, jobs };
  return { file, process: startProcess<AloneSetup>('alone', setup) };
}

async function writeModel(file: string, bytes: Uint8Array): Promise<DemoResult['model']> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, bytes);
  return { file: path.resolve(file), size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function summarise({ accuracy, alone, model, held_out, seconds: time, restarts }: DemoResult, screen: Screen): void {
  screen.say(`
All four together:   ${percent(accuracy)} of ${count(held_out)} held-out digits are read correctly
Device ${alone.device} alone:      ${percent(alone.accuracy)}, with as many epochs on its own digits
The trained model:   ${model.file} (${count(model.size)} bytes)
                     sha256 ${model.sha256}
Total time:          ${seconds(time)}${restarts > 0 ? `, with ${restarts} ${restarts === 1 ? 'restart' : 'restarts'} of the server` : ''}`);
}

async function removeAllBut(folder: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return rm(folder, { recursive: true, force: true });
  const others = (await readdir(folder)).filter((name) => !names.includes(name));
  await Promise.all(others.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}
