import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { aggregation } from './benchmarks/aggregation.js';
import { cli } from './benchmarks/cli.js';
import { experiments } from './benchmarks/experiments.js';
import { lists } from './benchmarks/lists.js';
import { python } from './benchmarks/python.js';
import { ready } from './benchmarks/ready.js';
import { rounds } from './benchmarks/rounds.js';
import { sdk } from './benchmarks/sdk.js';
import { upload } from './benchmarks/upload.js';
import { HELP, readOptions, UsageError, type Options } from './options.js';
import { describeMachine, table } from './report.js';
import type { Result } from './result.js';

// Children are killed and the process ends as soon as it is asked to.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

/** Paths are meant from where `npm run bench` was typed. */
const fromHere = (file: string) => path.resolve(process.env['INIT_CWD'] ?? '.', file);

async function main(): Promise<void> {
  const asked = readOptions(process.argv.slice(2));
  if (!asked) return void process.stdout.write(HELP);
  const options: Options = { ...asked, profile: asked.profile && fromHere(asked.profile) };
  if (options.profile) await mkdir(options.profile, { recursive: true });

  const machine = describeMachine();
  console.log(`${machine.processors} × ${machine.processor}, ${machine.system}, Node ${machine.node}, load ${machine.load}`);
  if (machine.load > 0.5) console.log('This machine is busy with something else: the figures will be rough.');
  console.log(`Medians of ${options.rounds} rounds of ${options.seconds} s, in turns. Rate limits off, logs to /dev/null.\n`);

  const results: Result[] = [];
  for (const [names, run] of [[['get', 'create'], experiments], [['upload'], upload], [['rounds'], rounds], [['aggregation'], aggregation], [['lists'], lists], [['ready'], ready], [['python'], python], [['sdk'], sdk], [['cli'], cli]] as const) {
    if (!names.some((name) => options.only.includes(name))) continue;
    for (const result of await run(options)) {
      results.push(result);
      console.log(`${result.name}: ${result.what}.`);
    }
  }
  console.log(`\n${table(results)}`);
  if (options.json) await writeFile(fromHere(options.json), `${JSON.stringify({ machine, options, results }, undefined, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? `${error.message}\n\n${HELP}` : error);
  process.exit(error instanceof UsageError ? 2 : 1);
});
