import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Context } from '../../../context/context.js';
import { queue } from '../../../live/queue.js';
import { projectId } from '../../../names/names.js';
import { Failure } from '../../../program/failures.js';
import { passingDevice } from './own-device.js';
import type { EndedJob } from './run-here.js';

interface Processes {
  readonly workers: number;
  readonly maxJobs: number | undefined;
}

/** The same in several processes, each a device of its own. */
export async function* runProcesses(context: Context, file: string, { workers, maxJobs }: Processes): AsyncGenerator<EndedJob, void> {
  const project_id = await projectId(context);
  const ended = queue<EndedJob>();
  const args = ['device', 'run', file, '--jsonl', ...(maxJobs === undefined ? [] : ['--max-jobs', String(maxJobs)]), ...(context.globals.quiet ? ['--quiet'] : []), ...(context.globals.verbose ? ['--verbose'] : [])];
  const devices = await Promise.all(Array.from({ length: workers }, () => passingDevice(context, project_id)));
  // Keys go by the environment: a command line can be read by others.
  const children = devices.map(({ key, client }) =>
    spawn(process.execPath, [process.argv[1]!, ...args], { stdio: ['ignore', 'pipe', 'inherit'], detached: true, env: { ...process.env, VERGEAI_API_KEY: key, VERGEAI_BASE_URL: client.baseUrl } }),
  );
  const forward = (signal: NodeJS.Signals) => children.forEach((child) => child.kill(signal));
  // In groups of their own, so that Ctrl-C reaches each of them once.
  context.interruption.takeOver(() => forward('SIGTERM'));
  context.signal.addEventListener('abort', () => forward('SIGTERM'));
  const results = Promise.all(children.map((child) => outcomeOf(child, ended)));
  void results.then((codes) => ended.end(context.signal.aborted ? (context.signal.reason as Error) : failureOf(codes)));
  try {
    yield* ended;
  } finally {
    forward('SIGKILL');
    await Promise.all(devices.map((device) => device.release()));
  }
}

async function outcomeOf(child: ChildProcess, ended: { push(job: EndedJob): void }): Promise<number> {
  createInterface(child.stdout!).on('line', (line) => ended.push(JSON.parse(line) as EndedJob));
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)).once('error', () => resolve(1)));
}

/** As the first of them that ended badly. */
function failureOf(codes: readonly number[]): Failure | undefined {
  const bad = codes.filter((code) => code !== 0);
  return bad.length === 0 ? undefined : new Failure(bad[0]!, 'device_ended', `${bad.length} of ${codes.length} processes ended early; each has said why.`);
}
