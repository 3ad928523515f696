import { Option, type Command } from 'commander';
import { durationMs } from './duration.js';

/** What every command takes. */
export interface GlobalOptions {
  readonly profile?: string | undefined;
  readonly url?: string | undefined;
  readonly project?: string | undefined;
  readonly experiment?: string | undefined;
  readonly json?: true | undefined;
  readonly jsonl?: true | undefined;
  readonly fields?: readonly string[] | undefined;
  readonly quiet?: true | undefined;
  readonly verbose?: true | undefined;
  /** False after `--no-color`. */
  readonly color: boolean;
  /** False after `--no-input`. */
  readonly input: boolean;
  readonly yes?: true | undefined;
  /** In milliseconds. */
  readonly timeout?: number | undefined;
  readonly curl?: true | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly insecureHttp?: true | undefined;
}

const options: readonly Option[] = [
  new Option('-P, --project <project>', 'which project: an id, the beginning of one, or a name'),
  new Option('-e, --experiment <experiment>', 'which experiment: an id, the beginning of one, a name, or @last'),
  new Option('--profile <name>', 'the stored sign-in to use'),
  new Option('--url <url>', 'the server to talk to'),
  new Option('--json', "print the API's answer as one JSON document").conflicts('jsonl'),
  new Option('--jsonl', 'print one JSON object a line'),
  new Option('--fields <paths>', 'only these, such as experiment_id,live_job.status').argParser((text: string) => text.split(',').filter(Boolean)),
  new Option('-q, --quiet', 'print ids only, or nothing'),
  new Option('-v, --verbose', 'tell about each request on stderr'),
  new Option('--no-color', 'no colours'),
  new Option('--no-input', 'never ask anything'),
  new Option('-y, --yes', 'do not ask for confirmation'),
  new Option('--timeout <duration>', 'how long to wait, such as 90s, 10m or 2h').argParser(durationMs),
  new Option('--curl', 'print the request for curl instead of sending it'),
  new Option('--idempotency-key <key>', 'makes a change safe to repeat, also by another run'),
  new Option('--insecure-http', 'allow http without TLS to another machine'),
];

/** Adds what every command takes to the root, where commander finds it before and after a command. */
export function addGlobalOptions(root: Command): void {
  for (const option of options) root.addOption(option);
}
