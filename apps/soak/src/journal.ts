import { createWriteStream, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** A write as the load asked for it. `project` and `experiment` are where it goes. */
export interface Asked {
  readonly op: Operation;
  readonly project?: string;
  readonly experiment?: string;
  readonly job?: string;
  readonly device?: string;
}

export type Operation =
  | 'project.create'
  | 'project.delete'
  | 'experiment.create'
  | 'experiment.fork'
  | 'experiment.rollback'
  | 'experiment.submit_start_model'
  | 'device.create'
  | 'device.delete'
  | 'device.report_failure'
  | 'device.submit_model_update'
  | 'job.create'
  | 'job.retry'
  | 'job.cancel';

/** What an acknowledged write promised: ids it gave out and bytes it took in. */
export interface Promised {
  readonly project?: string;
  readonly experiment?: string;
  readonly job?: string;
  readonly device?: string;
  readonly sha256?: string;
  readonly numDevices?: number;
  readonly numExamples?: number | null;
  readonly metrics?: Record<string, number>;
  readonly from?: string;
}

export type Entry =
  /** A write is about to be sent for the first time. */
  | ({ readonly what: 'asked'; readonly id: number } & Asked)
  /** The server has said yes. From here on it must be true for ever. */
  | ({ readonly what: 'done'; readonly id: number; readonly op: Operation } & Promised)
  /** The server has said no. `sure`: no earlier attempt went unanswered, so nothing can have happened. */
  | { readonly what: 'refused'; readonly id: number; readonly op: Operation; readonly code: string; readonly sure: boolean }
  /** The load was told of a key, which must never be seen again. */
  | { readonly what: 'key'; readonly key: string }
  /** The load was shown an event. */
  | { readonly what: 'event'; readonly experiment: string; readonly sequence: number; readonly type: string; readonly job: string | null; readonly data: string }
  /** A reader was told that a job has ended, and how. */
  | { readonly what: 'ended'; readonly job: string; readonly status: string }
  /** A device was given a job, with the model to start from. */
  | { readonly what: 'given'; readonly job: string; readonly device: string; readonly sha256: string }
  | { readonly what: 'started'; readonly pid: number; readonly readyAfterMs: number }
  | { readonly what: 'fault'; readonly kind: 'kill' | 'freeze' | 'clock set'; readonly pid: number; readonly moment: string }
  /** A server ended that nobody had asked to. */
  | { readonly what: 'unasked_exit'; readonly pid: number; readonly code: string; readonly output: string }
  /** From here on nothing is broken any more, and no work is added. */
  | { readonly what: 'calm' }
  /** Every job had ended. */
  | { readonly what: 'rest' }
  /** Others write too, and nobody notes what: nothing is to be counted. */
  | { readonly what: 'others' }
  /** The load itself saw something that must not be. */
  | { readonly what: 'wrong'; readonly sentence: string };

export type Recorded = Entry & { readonly at: number };

/** What the load knows for certain, one line of JSON each, kept by a process that nobody kills. */
export class Journal {
  readonly #stream: WriteStream;
  #nextId = 1;
  readonly counts = new Map<string, number>();
  readonly faults: Array<Extract<Entry, { what: 'fault' }>> = [];

  constructor(file: string) {
    this.#stream = createWriteStream(file, { flags: 'a' });
  }

  note(entry: Entry): void {
    const name = 'op' in entry ? `${entry.what} ${entry.op}` : entry.what;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (entry.what === 'fault') this.faults.push(entry);
    this.#stream.write(`${JSON.stringify({ at: Date.now(), ...entry })}\n`);
  }

  asked(asked: Asked): number {
    const id = this.#nextId++;
    this.note({ what: 'asked', id, ...asked });
    return id;
  }

  /** Resolves once everything noted so far can be read in the file. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#stream.end(resolve));
  }
}

export async function readJournal(file: string): Promise<Recorded[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Recorded);
}
