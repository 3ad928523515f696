import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Chance } from '../chance.js';
import { Journal } from '../journal.js';
import { startLoad } from '../load/start-load.js';
import { World } from '../load/world.js';
import { comeToRest } from './come-to-rest.js';
import { killAndFreeze } from './freezes.js';
import { Aim, killAgainAndAgain } from './kills.js';
import { Site } from './site.js';

const checker = fileURLToPath(new URL('../check.js', import.meta.url));

export interface RoundOptions {
  readonly chance: Chance;
  /** undefined: SQLite. */
  readonly newPostgresDatabase: (() => Promise<string>) | undefined;
  readonly kills: number;
  /** Kills and freezes of two servers on one PostgreSQL; then `kills` is 0. */
  readonly freezes: number;
  /** Epoch milliseconds at which to begin nothing more. */
  readonly until: number;
  /** Keep what a round leaves behind when something was wrong with it. */
  readonly keep: boolean;
}

export interface RoundResult {
  readonly killed: number;
  readonly frozen: number;
  readonly moments: Record<string, number>;
  readonly requests: number;
  readonly counts: Record<string, number>;
  readonly restMs: number;
  readonly readyMs: number[];
  readonly checked: string;
  readonly violations: string[];
  /** Where to look, when something was wrong. */
  readonly folder: string | undefined;
}

/** One data folder's life: load and faults, rest, a sweep, and then the checker. */
export async function runRound({ chance, newPostgresDatabase, kills, freezes, until, keep }: RoundOptions): Promise<RoundResult> {
  const postgresUrl = await newPostgresDatabase?.();
  const moments = new Map<string, number>();
  const newJournal = (file: string) => new (class extends Journal {
    override note(entry: Parameters<Journal['note']>[0]): void {
      if (entry.what === 'fault') moments.set(`${entry.kind} ${entry.moment}`, (moments.get(`${entry.kind} ${entry.moment}`) ?? 0) + 1);
      super.note(entry);
    }
  })(file);
  const { site, journal, journalFile } = await Site.open({ postgresUrl, servers: freezes > 0 ? 2 : 1 }, newJournal);
  const aim = new Aim();
  const world = new World({ chance, journal, adminKey: site.adminKey, base: () => site.base(), patienceMs: freezes > 0 ? 4_000 : 30_000, onMoment: aim.onMoment });
  const load = startLoad(world);
  const faults = chance.of('faults');
  const { killed, frozen } =
    freezes > 0 ? await killAndFreeze(site, world, aim, faults, freezes, until) : { killed: await killAgainAndAgain(site, world, aim, faults, kills, until), frozen: 0 };
  await site.base();
  const restMs = await comeToRest(world);
  await load.ended();
  await site.stop();
  await site.age();
  const last = await site.start();
  const url = await last.ready;
  await journal.flush();
  const flags = ['--database', site.database, '--blobs', site.blobs, '--key', site.adminKey, '--journal', journalFile, '--log', site.log, ...(url ? ['--url', url] : [])];
  const { violations, summary } = await check(flags);
  await site.stop();
  await journal.close();
  const kept = keep && violations.length > 0;
  if (!kept) await site.remove();
  return {
    killed,
    frozen,
    moments: Object.fromEntries(moments),
    requests: world.requests,
    counts: Object.fromEntries(journal.counts),
    restMs,
    readyMs: site.readyMs,
    checked: summary,
    violations,
    folder: kept ? site.folder : undefined,
  };
}

/** Runs the checker as the program it is. */
export async function check(flags: readonly string[]): Promise<{ violations: string[]; summary: string; code: number | null }> {
  const child = spawn(process.execPath, [checker, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = out.split('\n').filter(Boolean);
  const violations = lines.filter((line) => line.startsWith('- ')).map((line) => line.slice(2));
  if (code !== 0 && violations.length === 0) violations.push(`the checker itself failed (${code}): ${err}`);
  return { violations, summary: lines.at(-1) ?? '', code };
}
