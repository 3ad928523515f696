import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { decodeModel, encodeModel } from '@vergeai/worker';
import { digitsToBytes, type Digits } from '../digits/digits.js';
import { newExperiment } from '../experiment.js';
import type { OwnServer } from '../own-server.js';
import type { FleetNews, FleetSetup } from '../processes/messages.js';
import { startProcess, type DemoProcess } from '../processes/start-process.js';
import { seededRandom, seedOf } from '../random.js';
import { attackersOf } from './attack.js';
import { HELD_OUT } from './held-out.js';
import { newPerceptron, Perceptron } from './perceptron.js';
import { nameOf, type Simulation } from './simulation.js';
import { splitDigits } from './split-digits.js';
import { hyperparameters } from './train-perceptron.js';

export interface SimulatedRound {
  /** Of the held-out digits. */
  readonly loss: number;
  readonly accuracy: number;
  /** When its model was there, in seconds since devices were switched on. */
  readonly at: number;
}

export interface Simulated {
  readonly rounds: readonly SimulatedRound[];
  readonly accuracy: number;
  readonly sha256: string;
  /** How often the server was started again meanwhile. */
  readonly restarts: number;
  readonly seconds: number;
  /** The final model, in safetensors format. */
  readonly model: Uint8Array;
}

export interface Watcher {
  /** Of round `round`, so many devices have sent their update. */
  onUpdates?(round: number, updates: number): void;
  onRound?(round: number, judged: SimulatedRound): void;
}

/** Runs it on the server, and resolves when the last model is there and no device is left. `digits` are all that there are. */
export async function simulate(simulation: Simulation, digits: Digits, { server, folder }: { server: OwnServer; folder: string }, watcher: Watcher = {}): Promise<Simulated> {
  const { strategy, devices, rounds, skew, epochs, seed } = simulation;
  const { shards, heldOut } = splitDigits(digits, { devices, train: simulation.digits, held: HELD_OUT, skew, seed });
  const startModel = encodeModel(newPerceptron(seededRandom(seedOf(seed, 15))), 'safetensors');
  const experiment = await newExperiment(server, { project: 'Simulation', name: nameOf(strategy), devices, hyperparameters: { ...hyperparameters(seed, epochs) }, strategy, startModel });
  const jobs = await experiment.addJobs(rounds);

  const digitsFile = path.join(folder, `${experiment.projectId}.digits`);
  await writeFile(digitsFile, digitsToBytes(joined(shards)));
  const restartsBefore = server.restarts();
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const fleets = setups(simulation, shards, { url: server.url, projectId: experiment.projectId, digitsFile }, experiment.devices).map((setup) => startProcess<FleetSetup, FleetNews>('fleet', setup));
  try {
    watch(fleets, watcher, simulation.killServer ? killer(server, devices, rounds, seed) : undefined);
    const judged: SimulatedRound[] = [];
    let model: Uint8Array = startModel;
    const toTheEnd = async () => {
      for (const [index, job] of jobs.entries()) {
        model = await experiment.modelOf(job);
        const round = { ...new Perceptron(decodeModel(model)).judge(heldOut), at: seconds() };
        judged.push(round);
        watcher.onRound?.(index + 1, round);
      }
    };
    const gone = fleets.map(async ({ ended }) => {
      await ended;
      throw new Error('Devices ended before the last round.');
    });
    await Promise.race([toTheEnd(), ...gone]);
    return {
      rounds: judged,
      accuracy: judged.at(-1)!.accuracy,
      sha256: createHash('sha256').update(model).digest('hex'),
      restarts: server.restarts() - restartsBefore,
      seconds: seconds(),
      model,
    };
  } finally {
    for (const fleet of fleets) fleet.stop();
    await rm(digitsFile, { force: true });
  }
}

function joined(shards: readonly Digits[]): Digits {
  return { labels: Uint8Array.from(shards.flatMap(({ labels }) => [...labels])), pixels: new Uint8Array(Buffer.concat(shards.map(({ pixels }) => pixels))) };
}

/** As many processes as there are processors, each with its part of the devices. */
function setups({ attack, devices, seed }: Simulation, shards: readonly Digits[], place: Omit<FleetSetup, 'devices'>, keys: readonly { readonly key: string }[]): FleetSetup[] {
  const attackers = attackersOf(attack?.count ?? 0, devices, seed);
  const setupsOf = Array.from({ length: Math.min(devices, availableParallelism()) }, (): FleetSetup['devices'][number][] => []);
  let from = 0;
  shards.forEach(({ labels }, shard) => {
    const to = from + labels.length;
    setupsOf[shard % setupsOf.length]!.push({ shard, key: keys[shard]!.key, from, to, attack: attackers.has(shard) ? attack!.kind : undefined });
    from = to;
  });
  return setupsOf.map((some) => ({ ...place, devices: some }));
}

function watch(fleets: readonly DemoProcess<FleetNews>[], watcher: Watcher, onSending: ((round: number) => void) | undefined): void {
  const updates = new Map<number, number>();
  for (const fleet of fleets) {
    fleet.onNews(({ sequence, sending }) => {
      if (sending) return onSending?.(sequence);
      updates.set(sequence, (updates.get(sequence) ?? 0) + 1);
      watcher.onUpdates?.(sequence, updates.get(sequence)!);
    });
  }
}

/** Kills the server once a round, when so many devices as chance has it are about to send their update. */
function killer(server: OwnServer, devices: number, rounds: number, seed: number): (round: number) => void {
  const random = seededRandom(seedOf(seed, 16));
  const left = Array.from({ length: rounds }, () => 1 + Math.floor(random() * devices));
  return (round) => {
    if (--left[round - 1]! === 0) server.kill();
  };
}
