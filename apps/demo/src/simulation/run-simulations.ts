import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readDigits } from '../digits/read-digits.js';
import { ownServer } from '../own-server.js';
import { bar, count, percent, seconds, type Screen } from '../screen/screen.js';
import { onStage, type Stage } from '../stage.js';
import type { SimulateOptions } from './options.js';
import { svgPlot, terminalPlot, type Curve } from './plot.js';
import { runGoals } from './run-goals.js';
import { simulate, type Simulated } from './simulate.js';
import { nameOf, type Simulation } from './simulation.js';
import { table } from './table.js';

/** Runs what was asked for on a server of its own, and resolves with what is printed as JSON. */
export function runSimulations(options: SimulateOptions, screen: Screen, signal: AbortSignal): Promise<object> {
  return onStage(
    'simulate',
    signal,
    (stage) => steps(options, screen, stage),
    async (folder) => {
      screen.live([]);
      await rm(folder, { recursive: true, force: true });
    },
  );
}

async function steps({ simulations, goals, svg, out }: SimulateOptions, screen: Screen, stage: Stage): Promise<object> {
  const quiet = goals !== undefined || simulations.some(({ killServer }) => killServer);
  const server = await ownServer(stage, quiet ? () => {} : screen.say);
  const place = { server, folder: stage.folder };
  const digits = readDigits();
  if (goals) return runGoals(goals, digits, place, screen);

  const ended: { readonly simulation: Simulation; readonly result: Simulated }[] = [];
  for (const simulation of simulations) {
    screen.say(`${nameOf(simulation.strategy)}: ${told(simulation)}`);
    const result = await simulate(simulation, digits, place, progress(simulation, screen));
    ended.push({ simulation, result });
  }
  const curves = ended.map(({ simulation, result }): Curve => ({ name: nameOf(simulation.strategy), values: result.rounds.map(({ accuracy }) => accuracy) }));
  screen.say(`\nAccuracy on held-out digits, round by round\n\n${terminalPlot(curves).join('\n')}\n`);
  screen.say(summary(ended).join('\n'));
  screen.say(`\n${ended.map(({ result, simulation }) => `sha256 ${result.sha256}  ${nameOf(simulation.strategy)}`).join('\n')}`);
  if (svg !== undefined) await write(svg, svgPlot(`Accuracy by round: ${told(simulations[0]!)}`, curves));
  if (out !== undefined) await write(out, ended.at(-1)!.result.model);
  return {
    simulations: ended.map(({ simulation, result: { model: _model, ...result } }) => ({ ...simulation, ...result })),
  };
}

function told({ devices, rounds, attack, skew, epochs, seed, digits, killServer }: Simulation): string {
  const parts = [
    `${count(devices)} ${devices === 1 ? 'device' : 'devices'}`,
    `${count(digits)} digits${skew === 'iid' ? '' : `, Dirichlet ${skew.dirichlet}`}`,
    attack ? `${attack.count} × ${attack.kind}` : 'nobody attacks',
    `${rounds} rounds${epochs > 1 ? ` of ${epochs} epochs` : ''}`,
    `seed ${seed}`,
    ...(killServer ? ['the server killed in every round'] : []),
  ];
  return parts.join(', ');
}

/** A line for each round, and below them how far the one under way is. */
function progress({ devices, rounds }: Simulation, screen: Screen): NonNullable<Parameters<typeof simulate>[3]> {
  return {
    onUpdates: (round, updates) => screen.live([`  round ${round} of ${rounds}  ${bar(updates / devices, 24)} ${count(updates)} of ${count(devices)} updates`]),
    onRound: (round, { loss, accuracy, at }) => screen.say(`  round ${String(round).padStart(String(rounds).length)} of ${rounds}   loss ${loss.toFixed(4)}   accuracy ${percent(accuracy).padStart(7)}   ${seconds(at)}`),
  };
}

function summary(ended: readonly { readonly simulation: Simulation; readonly result: Simulated }[]): string[] {
  const rows = ended.map(({ simulation, result }) => [
    nameOf(simulation.strategy),
    percent(result.accuracy),
    percent(Math.max(...result.rounds.map(({ accuracy }) => accuracy))),
    result.rounds.at(-1)!.loss.toFixed(4),
    ((result.seconds / simulation.rounds) * 1000).toFixed(0),
    String(result.restarts),
  ]);
  return table([['strategy', 'final', 'best', 'loss', 'ms a round', 'restarts'], ...rows]);
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, content);
}
