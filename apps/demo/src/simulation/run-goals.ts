import type { Digits } from '../digits/digits.js';
import type { OwnServer } from '../own-server.js';
import { count, percent, type Screen } from '../screen/screen.js';
import { goals, SAME_MODEL, settings, strategies, type Goal, type SettingName, type StrategyName } from './goals.js';
import { simulate } from './simulate.js';
import type { Simulation } from './simulation.js';
import { table } from './table.js';

export interface GoalResult {
  readonly goal: string;
  readonly what: string;
  readonly measured: string;
  readonly holds: boolean;
}

export interface GoalsResult {
  readonly seeds: readonly number[];
  /** Final accuracies in percent, one for each seed. */
  readonly cells: readonly { setting: string; strategy: string; accuracies: readonly number[] }[];
  readonly goals: readonly GoalResult[];
  readonly ok: boolean;
}

interface Cell {
  readonly setting: SettingName;
  readonly strategy: StrategyName;
}

const keyOf = ({ setting, strategy }: Cell): string => `${setting} ${strategy}`;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Runs all that the goals called `only` look at, once with each seed, and says which of them hold in the mean over seeds. */
export async function runGoals({ only, seeds }: { only: readonly string[]; seeds: readonly number[] }, digits: Digits, place: { server: OwnServer; folder: string }, screen: Screen): Promise<GoalsResult> {
  const wanted = goals.filter(({ name }) => only.includes(name));
  const cells = new Map(wanted.flatMap(cellsOf).map((cell) => [keyOf(cell), cell]));
  const accuracies = new Map<string, number[]>();
  const runs = cells.size * seeds.length;
  let done = 0;
  for (const seed of seeds) {
    for (const [key, cell] of cells) {
      const { accuracy, seconds } = await simulate(simulationOf(cell, seed), digits, place, {
        onRound: (round) => screen.live([`  ${done + 1} of ${count(runs)}: ${cell.strategy}, ${settings[cell.setting].name}, seed ${seed}: round ${round} of ${ROUNDS}`]),
      });
      accuracies.set(key, [...(accuracies.get(key) ?? []), accuracy * 100]);
      screen.say(`  ${String(++done).padStart(String(runs).length)} of ${runs}   seed ${seed}   ${settings[cell.setting].name.padEnd(14)}   ${cell.strategy.padEnd(26)}   ${percent(accuracy)}   ${seconds.toFixed(1)} s`);
    }
  }
  screen.live([]);
  const results = wanted.map((goal) => judge(goal, accuracies));
  if (only.includes(SAME_MODEL)) results.push(await sameModel(seeds[0]!, digits, place, screen));
  if (cells.size > 0) screen.say(`\n${resultTable([...cells.values()], accuracies).join('\n')}`);
  screen.say(`\n${table([['goal', 'wanted', 'measured', ''], ...results.map(({ goal, what, measured, holds }) => [goal, what, measured, holds ? 'holds' : 'DOES NOT HOLD'])], 4).join('\n')}`);
  return {
    seeds,
    cells: Array.from(cells, ([key, { setting, strategy }]) => ({ setting: settings[setting].name, strategy, accuracies: accuracies.get(key)! })),
    goals: results,
    ok: results.every(({ holds }) => holds),
  };
}

const ROUNDS = 20;

const simulationOf = ({ setting, strategy }: Cell, seed: number): Simulation => ({ ...settings[setting], strategy: strategies[strategy], devices: 10, rounds: ROUNDS, epochs: 1, digits: 5000, seed, killServer: false });

const cellsOf = ({ settings: where, strategies: which, above }: Goal): Cell[] =>
  where.flatMap((setting) => [...(above ? [above.strategy] : []), ...which].map((strategy) => ({ setting, strategy })));

/** The cell that comes nearest to missing it says how it stands. */
function judge(goal: Goal, accuracies: ReadonlyMap<string, readonly number[]>): GoalResult {
  const { name, settings: where, strategies: which, atMost, above } = goal;
  const meanOf = (cell: Cell) => mean(accuracies.get(keyOf(cell))!);
  const atLeast = above ? meanOf({ setting: where[0]!, strategy: above.strategy }) + above.by : goal.atLeast;
  const reached = where.flatMap((setting) => which.map((strategy) => ({ setting, strategy, value: meanOf({ setting, strategy }) })));
  const order = reached.toSorted((a, b) => (atMost === undefined ? a.value - b.value : b.value - a.value));
  const worst = order[0]!;
  const bound = atMost === undefined ? `≥ ${above ? `${above.strategy} + ${above.by}` : atLeast}` : `≤ ${atMost}`;
  return {
    goal: name,
    what: `${where.map((setting) => settings[setting].name).join(', ')}: ${which.length > 5 ? 'every other type' : which.join('; ')} ${bound}`,
    measured: `${worst.value.toFixed(1)}${reached.length > 1 ? ` (${worst.strategy})` : ''}${above ? ` against ${(atLeast! - above.by).toFixed(1)}` : ''}`,
    holds: atMost === undefined ? worst.value >= atLeast! : worst.value <= atMost,
  };
}

async function sameModel(seed: number, digits: Digits, place: { server: OwnServer; folder: string }, screen: Screen): Promise<GoalResult> {
  const simulation = simulationOf({ setting: 'sign1', strategy: 'FedAdam, adaptive clipping' }, seed);
  const first = await simulate(simulation, digits, place);
  const again = await simulate(simulation, digits, place);
  screen.say('  and now with the server killed in every round:');
  const killed = await simulate({ ...simulation, killServer: true }, digits, place);
  const same = new Set([first.sha256, again.sha256, killed.sha256]).size === 1;
  return {
    goal: SAME_MODEL,
    what: 'the same seed twice, and once with kill -9 in every round: the same sha256',
    measured: same ? `${first.sha256.slice(0, 12)}… thrice, ${killed.restarts} restarts` : [first, again, killed].map(({ sha256 }) => sha256.slice(0, 8)).join(', '),
    holds: same && killed.restarts >= ROUNDS,
  };
}

/** Strategies by settings, in percent; the mean over seeds. */
function resultTable(cells: readonly Cell[], accuracies: ReadonlyMap<string, readonly number[]>): string[] {
  const columns = (Object.keys(settings) as SettingName[]).filter((setting) => cells.some((cell) => cell.setting === setting));
  const rows = (Object.keys(strategies) as StrategyName[]).filter((strategy) => cells.some((cell) => cell.strategy === strategy));
  const shown = (cell: Cell) => {
    const values = accuracies.get(keyOf(cell));
    return values ? mean(values).toFixed(0) : '';
  };
  return table([['final accuracy, %', ...columns.map((setting) => settings[setting].name)], ...rows.map((strategy) => [strategy, ...columns.map((setting) => shown({ setting, strategy }))])]);
}
