import { APIError, type VergeAI } from '@vergeai/sdk';
import { askedMs, Setback } from './patience.js';
import { pause } from './pause.js';
import type { Progress } from './progress.js';
import { reactionTo } from './refusals.js';

const SHORTEST_MS = 50;
/** After a heartbeat that did not arrive; a server that restarts gives its devices a minute. */
const RETRY_MS = 2_000;
const LONGEST_REQUEST_MS = 10_000;

export interface LeaseOptions {
  readonly client: VergeAI;
  readonly projectId: string;
  readonly jobId: string;
  /** Of the lease as it was given. */
  readonly durationSec: number;
  readonly heartbeatSec: number | undefined;
  /** Goes with every heartbeat. */
  readonly progress: Progress;
  readonly log: (line: string) => void;
  /** The job does not wait for this device any more. Called at most once, and not after the lease was let go. */
  readonly onLost: (why: Setback) => void;
}

/** Sends heartbeats until it is let go, or the job does not wait for this device any more. */
export function keepLease(options: LeaseOptions): { letGo(): void } {
  const ended = new AbortController();
  void beat(options, ended.signal).then((why) => {
    if (why && !ended.signal.aborted) options.onLost(why);
  });
  return { letGo: () => ended.abort() };
}

/** Resolves with the reason why the lease is lost, or with none when it was let go. */
async function beat({ client, projectId, jobId, durationSec, heartbeatSec, progress, log }: LeaseOptions, ended: AbortSignal): Promise<Setback | undefined> {
  const intervalMs = (seconds: number) => Math.max(SHORTEST_MS, (heartbeatSec ?? seconds / 4) * 1000);
  let interval = intervalMs(durationSec);
  let wait = interval;
  let tells = true;
  for (;;) {
    await pause(wait, ended);
    if (ended.aborted) return undefined;
    const said = tells ? progress.said : undefined;
    try {
      const timeoutMs = Math.max(1000, Math.min(interval, LONGEST_REQUEST_MS));
      const { body } = await client.Device.heartbeat({ project_id: projectId, job_id: jobId, ...(said && { progress: said }) }, { signal: ended, timeoutMs, maxRetries: 0 });
      if (!body.is_device_active) return new Setback(new Error('The job does not wait for this device any more.'), 'let_go');
      if (body.lease) interval = intervalMs(body.lease.duration_sec);
      wait = interval;
    } catch (error) {
      if (ended.aborted) return undefined;
      // A server of an older version does not know what it is, and the lease matters more.
      if (said && error instanceof APIError && error.code === 'invalid_request') {
        tells = false;
        wait = SHORTEST_MS;
        continue;
      }
      const reaction = reactionTo(error, 'heartbeat');
      if (reaction !== 'again') return new Setback(error, reaction);
      log(`no heartbeat for job ${jobId}: ${String(error)}`);
      // A server that asks for time gets it, but not so much of it that the lease lapses.
      wait = Math.min(interval, Math.max(askedMs(error), RETRY_MS * (0.5 + Math.random() / 2)));
    }
  }
}
