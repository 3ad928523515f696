import type { JobDevicesEntry, JobListEntry } from '@vergeai/sdk';
import { count, duration, metrics } from '../../output/cells.js';
import { shortText } from '../../output/cell-text.js';
import { harmless } from '../../output/plain-text.js';
import { curve } from '../curve.js';
import { statusWord } from '../words.js';
import { isLive, type Sight } from './sight.js';

/** Shapes say how a job stands; no colour is needed. */
const MARKS: Readonly<Record<JobListEntry['status'], string>> = { INITIALIZED: '·', IN_PROGRESS: '▸', AGGREGATION_IN_PROGRESS: '▸', COMPLETED: '✓', CANCELLED: '–', FAILED: '✕' };
const JOBS_SHOWN = 12;
const CURVE_WIDTH = 40;

/** What is seen, as lines: the experiment, its jobs, how the loss goes, and a line for each device. `now` is the server's time. */
export function sightLines(sight: Sight, now: number): string[] {
  return [headline(sight, now), jobsLine(sight), curveLine(sight), ...sight.devices.map((device) => deviceLine(device, now))].filter((line) => line !== undefined);
}

const clock = (ms: number): string => shortText(duration(Math.max(0, ms / 1000)));

function headline({ experiment_id, name, jobs, num_jobs }: Sight, now: number): string {
  const live = jobs.find(isLive);
  const parts = [name === null ? undefined : harmless(name), experiment_id.slice(0, 8)];
  if (!live) return [...parts, num_jobs === 0 ? 'no jobs yet' : `idle, ${num_jobs} job${num_jobs === 1 ? '' : 's'}`].filter(Boolean).join('   ');
  return [
    ...parts,
    `job ${live.sequence} of ${num_jobs}`,
    statusWord(live.status),
    `${live.num_updates}/${live.num_devices} updates`,
    live.started_at && clock(now - Date.parse(live.started_at)),
    live.deadline_at && `deadline in ${clock(Date.parse(live.deadline_at) - now)}`,
    live.waiting_for && `waits for ${harmless(live.waiting_for)}`,
  ]
    .filter(Boolean)
    .join('   ');
}

function jobsLine({ jobs }: Sight): string | undefined {
  if (jobs.length === 0) return undefined;
  // Around the one that runs, or the last ones.
  const live = jobs.findIndex(isLive);
  const from = Math.max(0, Math.min(live === -1 ? jobs.length : live - JOBS_SHOWN / 2, jobs.length - JOBS_SHOWN));
  const shown = jobs.slice(from, from + JOBS_SHOWN).map(({ sequence, status, reason }) => `${sequence} ${MARKS[status]}${status === 'FAILED' && reason ? ` ${harmless(reason).slice(0, 30)} ` : ''}`);
  return ` jobs   ${from > 0 ? '… ' : ''}${shown.join(' ')}${from + JOBS_SHOWN < jobs.length ? ' …' : ''}`;
}

function curveLine({ metrics: reported }: Sight): string | undefined {
  const names = new Set(reported.flatMap(({ mean }) => Object.keys(mean)));
  const name = names.has('loss') ? 'loss' : [...names][0];
  if (name === undefined) return undefined;
  const known = reported.filter(({ mean }) => mean[name] !== undefined);
  const [first, last] = [known[0]!, known.at(-1)!];
  const short = (value: number | undefined) => Number(value!.toPrecision(4));
  return ` ${harmless(name)}   ${curve(reported.map(({ mean }) => mean[name]), CURVE_WIDTH)}   ${short(first.mean[name])} → ${short(last.mean[name])}   (job ${last.sequence}, mean of ${last.devices.length})`;
}

function deviceLine({ device_id, device_name, state, progress, num_examples, metrics: sent, heartbeat_at, reason, replaced_by }: JobDevicesEntry, now: number): string {
  const submitted = state === 'submitted';
  const far = progress?.fraction !== undefined && progress.fraction !== null ? `${Math.round(progress.fraction * 100)} %` : progress?.step !== undefined && progress.step !== null ? `step ${progress.step}` : '';
  const numbers = shortText(metrics(submitted ? sent : (progress?.metrics ?? {})));
  return [
    ` ${harmless(device_name ?? device_id.slice(0, 8)).padEnd(12)}`,
    state.padEnd(9),
    !submitted && far,
    num_examples !== null && `${shortText(count(num_examples))} examples`,
    numbers,
    !submitted && heartbeat_at && `heartbeat ${clock(now - Date.parse(heartbeat_at))} ago`,
    reason && harmless(reason),
    replaced_by && `→ ${replaced_by.slice(0, 8)}`,
  ]
    .filter(Boolean)
    .join('   ');
}
