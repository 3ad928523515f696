import type { VergeAI } from '@vergeai/sdk';
import { finite } from './metrics.js';
import { askedMs } from './patience.js';
import { pause } from './pause.js';
import { reactionTo } from './refusals.js';

/** The server keeps so many of a device in a job. */
const MOST_REPORTS = 1000;
const MOST_A_PIECE = 100;
/** Well below what a request may carry. */
const MOST_LETTERS_A_PIECE = 100_000;
const SEND_EVERY_MS = 2_000;
const LONGEST_REQUEST_MS = 5_000;

interface Report {
  readonly step: number;
  readonly metrics: Record<string, number>;
}

export interface ReportsOptions {
  readonly client: VergeAI;
  readonly projectId: string;
  readonly jobId: string;
  readonly log: (line: string) => void;
}

/**
 * What a training reports, sent every two seconds while it goes on, in pieces and in order. A piece of which nobody knows
 * whether it arrived is sent again, which changes nothing. Reports never cost a job: when they can't be sent, they are kept
 * for later, and at last left out.
 */
export class Reports {
  readonly #options: ReportsOptions;
  readonly #ended = new AbortController();
  #waiting: Report[] = [];
  /** How many there were, and how many of them the server has. */
  #count = 0;
  #sent = 0;
  #refused = false;
  #sending: Promise<void> = Promise.resolve();

  constructor(options: ReportsOptions) {
    this.#options = options;
    void this.#sendNowAndThen();
  }

  add(values: Readonly<Record<string, number>>, step: number | undefined): void {
    const number = this.#count++;
    if (number === MOST_REPORTS) this.#options.log(`job ${this.#options.jobId}: ${MOST_REPORTS} reports are kept; those that follow are left out`);
    if (number >= MOST_REPORTS || this.#refused) return;
    this.#waiting.push({ step: step ?? number, metrics: finite(values) });
  }

  /** Sends what is waiting, as far as it goes. Never rejects. */
  flush(): Promise<void> {
    return (this.#sending = this.#sending.then(() => this.#sendAll()));
  }

  /** Nothing is sent by itself any more. */
  end(): void {
    this.#ended.abort();
  }

  async #sendNowAndThen(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      await pause(SEND_EVERY_MS, this.#ended.signal);
      if (!this.#ended.signal.aborted) await this.flush();
    }
  }

  async #sendAll(): Promise<void> {
    const { client, projectId, jobId, log } = this.#options;
    while (this.#waiting.length > 0 && !this.#refused) {
      const piece = firstPiece(this.#waiting);
      try {
        await client.Device.report_metrics({ project_id: projectId, job_id: jobId, first: this.#sent, reports: piece }, { timeoutMs: LONGEST_REQUEST_MS, maxRetries: 0 });
      } catch (error) {
        log(`can't send ${piece.length} reports of job ${jobId}: ${String(error)}`);
        if (reactionTo(error, 'submit') === 'again') {
          await pause(askedMs(error), this.#ended.signal);
          return;
        }
        this.#refused = true;
        this.#waiting = [];
        return;
      }
      this.#sent += piece.length;
      this.#waiting = this.#waiting.slice(piece.length);
    }
  }
}

function firstPiece(reports: readonly Report[]): Report[] {
  let letters = 0;
  let end = 0;
  for (const report of reports.slice(0, MOST_A_PIECE)) {
    letters += JSON.stringify(report).length;
    if (end > 0 && letters > MOST_LETTERS_A_PIECE) break;
    end++;
  }
  return reports.slice(0, end);
}
