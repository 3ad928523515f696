import type { CallOptions } from '../call-options.js';
import type { Experiments } from '../generated/resources.js';
import type { Job } from '../generated/types.js';
import { endOfLog } from './end-of-log.js';
import { endsJob, type Follow } from './follow.js';

export interface JobLog {
  /** Resolves with true when the job has moved since it was last asked; with false when its log can't be read. */
  moved(): Promise<boolean>;
}

interface Reading {
  readonly experiments: Experiments;
  readonly follow: Follow;
  /** Its signal ends the following. */
  readonly call: CallOptions;
  /** Whether more than the job's end is to be told. */
  readonly everyMove: boolean;
}

/** Hears of a job from the log of its experiment, from now on. However many moves there were, they are told as one. */
export function followJob({ ID, project_id, experiment_id }: Job, { experiments, follow, call, everyMove }: Reading): JobLog {
  let news = false;
  let readable = true;
  let wake = () => {};
  const tell = () => {
    news = true;
    wake();
  };

  async function read(): Promise<void> {
    const ids = { project_id, experiment_id };
    const last = await endOfLog(experiments, ids, call);
    // What happened while its end was looked for.
    if (last.some((event) => event.job_id === ID && endsJob(event))) tell();
    for await (const event of follow({ ...ids, after: last.at(-1)?.sequence }, call)) {
      if (event.job_id === ID && (everyMove || endsJob(event))) tell();
    }
  }

  read()
    .catch(() => {})
    .finally(() => {
      readable = false;
      wake();
    });

  return {
    async moved() {
      if (!news && readable) await new Promise<void>((resolve) => (wake = resolve));
      news = false;
      return readable;
    },
  };
}
