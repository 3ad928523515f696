import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Chance } from '../chance.js';
import type { Entry } from '../journal.js';
import { fuzz } from '../load/fuzz.js';
import { race } from '../load/races.js';
import { startLoad, startSteadyLoad } from '../load/start-load.js';
import { World } from '../load/world.js';
import { comeToRest } from './come-to-rest.js';
import { killAndFreeze } from './freezes.js';
import { Aim, killAgainAndAgain, type Faults } from './kills.js';
import { Site } from './site.js';
import { watchMemory } from './steady.js';

const checker = fileURLToPath(new URL('../check.js', import.meta.url));

export interface RoundWork {
  readonly kind: 'kills' | 'freezes' | 'races' | 'fuzz' | 'steady';
  /** Faults, rounds or requests; minutes of a steady load. */
  readonly count: number;
}

export interface RoundOptions {
  readonly chance: Chance;
  /** undefined: SQLite. */
  readonly newPostgresDatabase: (() => Promise<string>) | undefined;
  readonly work: RoundWork;
  /** Wall clocks are set and servers suspended as well. */
  readonly disturbed: boolean;
  /** Epoch milliseconds at which to begin nothing more. */
  readonly until: number;
}

export interface RoundResult {
  readonly work: RoundWork;
  readonly killed: number;
  readonly frozen: number;
  /** Rounds of races, requests of fuzz. */
  readonly played: number;
  /** Resident memory of a steady load's server, in MiB, minute by minute. */
  readonly memory: readonly number[];
  /** How often a fault hit which moment. */
  readonly moments: Record<string, number>;
  readonly requests: number;
  /** Lines of the journal by kind. */
  readonly counts: Record<string, number>;
  readonly slowestMs: number;
  readonly restMs: number;
  readonly readyMs: number[];
  /** The checker's last line. */
  readonly checked: string;
  readonly violations: string[];
  /** Where to look, when something was wrong. */
  readonly folder: string | undefined;
}

/** One data folder's life: load and faults, rest, a clean-up, and then the checker. */
export async function runRound({ chance, newPostgresDatabase, work, disturbed, until }: RoundOptions): Promise<RoundResult> {
  const { site, journal, journalFile } = await Site.open(await newPostgresDatabase?.(), work.kind === 'freezes' ? 2 : 1, disturbed);
  const aim = new Aim();
  const world: World = new World({
    chance,
    journal,
    adminKey: site.adminKey,
    base: () => {
      if (site.broken) world.over = true;
      return site.base();
    },
    // A frozen server takes a request and never answers.
    patienceMs: work.kind === 'freezes' ? 4_000 : 30_000,
    onMoment: aim.onMoment,
  });
  const done = await play(work, site, world, aim, { count: work.count, disturbed, until });
  await site.stop();
  await site.age();
  const url = site.broken ? undefined : await (await site.start()).ready;
  await journal.flush();
  const { violations, summary } = await check([
    '--database',
    site.database,
    '--blobs',
    site.blobs,
    '--journal',
    journalFile,
    '--log',
    site.log,
    '--patience',
    String(site.patienceSec),
    ...(url ? ['--url', url, '--key', site.adminKey] : []),
  ]);
  if (!url && !site.broken) violations.push('After the last fault the server did not start any more.');
  const codes = await site.stop();
  if (codes.some((code) => code !== '0')) violations.push(`A server that was asked to stop after the check ended with ${codes.join(', ')}.`);
  await journal.close();
  if (violations.length === 0) await site.remove();
  return {
    work,
    ...done,
    moments: momentsOf(journal.faults),
    requests: world.requests,
    counts: Object.fromEntries(journal.counts),
    slowestMs: Math.round(world.slowestMs),
    readyMs: site.readyMs,
    checked: summary,
    violations,
    folder: violations.length === 0 ? undefined : site.folder,
  };
}

async function play({ kind }: RoundWork, site: Site, world: World, aim: Aim, faults: Faults) {
  const { count, until } = faults;
  const none = { killed: 0, frozen: 0, played: 0, memory: [] };
  if (kind === 'races' || kind === 'fuzz') {
    await (await site.start()).ready;
    const played = kind === 'races' ? await race(world, world.chance.of('races'), count) : await fuzz(world, world.chance.of('fuzz'), count);
    // What nonsense has made, nobody works on.
    if (kind === 'races') world.journal.note({ what: 'calm' });
    world.over = true;
    return { ...none, played, restMs: 0 };
  }
  const load = kind === 'steady' ? startSteadyLoad(world) : startLoad(world);
  const chance = world.chance.of('faults');
  const during = {
    kills: async () => ({ killed: await killAgainAndAgain(site, world, aim, chance, faults) }),
    freezes: () => killAndFreeze(site, world, aim, chance, faults),
    steady: async () => ({ memory: await watchMemory(site, world, count, until) }),
  };
  const done = await during[kind]();
  await site.base();
  const restMs = await comeToRest(world, site);
  await load.ended();
  return { ...none, ...done, restMs };
}

function momentsOf(faults: ReadonlyArray<Extract<Entry, { what: 'fault' }>>): Record<string, number> {
  const moments: Record<string, number> = {};
  for (const { kind, moment } of faults) moments[`${kind} at ${moment}`] = (moments[`${kind} at ${moment}`] ?? 0) + 1;
  return moments;
}

/** Runs the checker as the program it is. */
export async function check(flags: readonly string[]): Promise<{ violations: string[]; summary: string; code: number | null }> {
  const child = spawn(process.execPath, [checker, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const lines = out.split('\n').filter(Boolean);
  const violations = lines.filter((line) => line.startsWith('- ')).map((line) => line.slice(2));
  if (code !== 0 && violations.length === 0) violations.push(`The checker itself failed (${code}): ${err}`);
  return { violations, summary: lines.at(-1) ?? '', code };
}
