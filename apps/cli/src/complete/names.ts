import type { Command } from 'commander';
import { Context } from '../context/context.js';
import { experimentIds, projectId } from '../names/names.js';
import { interruption } from '../program/interruption.js';

/** What has a name that can be looked up. */
export type Kind = 'project' | 'experiment' | 'job' | 'device';
export type Suggestion = readonly [value: string, description: string];

/** Whoever presses Tab does not wait longer. */
const PATIENCE_MS = 500;
const MOST = 50;

/** The names of the newest of each kind; none when they can't be had in time, for whatever reason. */
export async function lookedUp(kinds: readonly Kind[], root: Command, words: readonly string[]): Promise<ReadonlyMap<string, readonly Suggestion[]>> {
  const known = new Map<string, readonly Suggestion[]>();
  if (kinds.length === 0) return known;
  const said = { project: valueOf(words, '--project', '-P'), experiment: valueOf(words, '--experiment', '-e'), profile: valueOf(words, '--profile'), url: valueOf(words, '--url') };
  const context = new Context({ quiet: true, color: false, input: false, ...said }, interruption(), root);
  const late = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
  const looking = kinds.map(async (kind) => known.set(kind, await look(context, kind).catch(() => [])));
  await Promise.race([Promise.all(looking), late]);
  return known;
}

async function look(context: Context, kind: Kind): Promise<readonly Suggestion[]> {
  const call = { signal: AbortSignal.timeout(PATIENCE_MS), maxRetries: 0 };
  if (kind === 'project') return (await context.client.Project.list({ limit: MOST }, call)).body.data.map(({ project_id, name }) => named(project_id, name));
  if (kind === 'job') return (await context.client.Job.list({ ...(await experimentIds(context)), limit: MOST }, call)).body.data.map(({ sequence, status }) => [String(sequence), status.toLowerCase()]);
  const project_id = await projectId(context);
  if (kind === 'device') return (await context.client.Device.list({ project_id, limit: MOST }, call)).body.data.map(({ device_id, name }) => named(device_id, name));
  return (await context.client.Experiment.list({ project_id, limit: MOST }, call)).body.data.map(({ experiment_id, name }) => named(experiment_id, name));
}

/** By its name when that is one word, else by the beginning of its id. */
const named = (id: string, name: string | null): Suggestion => (name && /^[\w.-]+$/.test(name) ? [name, id.slice(0, 8)] : [id.slice(0, 8), name ?? '']);

/** What was said before on the line. */
function valueOf(words: readonly string[], ...names: string[]): string | undefined {
  const at = words.findIndex((word) => names.includes(word));
  return at >= 0 && at < words.length - 2 ? words[at + 1] : undefined;
}
