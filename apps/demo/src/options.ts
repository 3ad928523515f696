import { parseArgs } from 'node:util';
import { UsageError, wholeNumber } from './usage-error.js';

export interface DemoOptions {
  /** A server that runs already; undefined: one of the demo's own. */
  readonly server: { readonly url: string; readonly key: string } | undefined;
  readonly jobs: number;
  readonly seed: number;
  /** How many digits to use, held-out ones included. */
  readonly digits: number;
  readonly crash: boolean;
  readonly keep: boolean;
  readonly json: boolean;
  /** Where the trained model goes; undefined: into the temporary folder. */
  readonly out: string | undefined;
}

const ALL_DIGITS = 10_000;

export const HELP = `npm run demo -- [options]

Four devices, each with handwritten digits of its own that it shows to nobody, learn to read all digits together.

  --jobs N       how many jobs, one after another (10)
  --seed N       another seed, another course; the same seed gives the same model, bit for bit (1)
  --digits N     use only so many of the ${ALL_DIGITS.toLocaleString('en')} digits, at least 200
  --crash        kill -9 the server in the middle, to see that it changes nothing
  --out FILE     where the trained model goes, in safetensors format
  --keep         leave the server's data, and say how to look at them
  --json         print one JSON object at the end, and the course of it to stderr
  --url URL      use a server that runs already, with
  --key KEY      a key of it (or VERGEAI_BASE_URL and VERGEAI_API_KEY)
  --help         this text
`;

/** Undefined when help was asked for. Throws a UsageError. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): DemoOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const url = values.url ?? (values.key === undefined ? undefined : env['VERGEAI_BASE_URL']);
  const key = values.key ?? env['VERGEAI_API_KEY'];
  if (values.key !== undefined && url === undefined) throw new UsageError('--key needs --url, the server whose key it is.');
  if (url !== undefined && !key) throw new UsageError('--url needs --key, a key of that server, or VERGEAI_API_KEY.');
  if (url !== undefined && (values.crash || values.keep)) throw new UsageError("--crash and --keep are about the demo's own server and do not go with --url.");
  return {
    server: url !== undefined && key ? { url, key } : undefined,
    jobs: wholeNumber('--jobs', values.jobs, 10, 1, 1000),
    seed: wholeNumber('--seed', values.seed, 1, 0, 2 ** 31 - 1),
    digits: wholeNumber('--digits', values.digits, ALL_DIGITS, 200, ALL_DIGITS),
    crash: values.crash ?? false,
    keep: values.keep ?? false,
    json: values.json ?? false,
    out: values.out,
  };
}

function parse(args: readonly string[]) {
  const [text, flag] = [{ type: 'string' as const }, { type: 'boolean' as const }];
  const options = { url: text, key: text, jobs: text, seed: text, digits: text, out: text, crash: flag, keep: flag, json: flag, help: flag };
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
