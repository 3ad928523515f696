import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Language } from '../../src/code/code.js';
import { python } from '../support/python.js';

/** What a snippet came to: what the call gave, or the code of the error with which it ended. */
export interface Outcome {
  /** What the client prints; undefined with curl. */
  readonly status?: number;
  readonly body?: unknown;
  readonly refused?: string;
}

export interface Runner {
  run(code: string, key: string): Promise<Outcome>;
  stop(): Promise<void>;
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** One process for all snippets of a language, a line for each. */
class LineRunner implements Runner {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #ended: Promise<never>;
  readonly #request: (code: string, key: string) => string;
  readonly #outcome: (line: string) => Outcome;

  constructor(command: readonly string[], env: Record<string, string>, request: (code: string, key: string) => string, outcome: (line: string) => Outcome) {
    const [program, ...words] = command as [string, ...string[]];
    this.#child = spawn(program, words, { env: { PATH: process.env['PATH'], ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface(this.#child.stdout!);
    this.#ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('The process that runs snippets ended.')));
    this.#ended.catch(() => undefined);
    this.#request = request;
    this.#outcome = outcome;
  }

  async run(code: string, key: string): Promise<Outcome> {
    const answer = once(this.#lines, 'line');
    this.#child.stdin!.write(`${this.#request(code, key)}\n`);
    const [line] = (await Promise.race([answer, this.#ended])) as [string];
    return this.#outcome(line);
  }

  async stop(): Promise<void> {
    this.#child.stdin!.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}

const asJson = (code: string, key: string) => JSON.stringify({ code, key });
const readJson = (line: string) => JSON.parse(line) as Outcome;

const startTypeScript = (): Runner => new LineRunner([process.execPath, here('run-snippets.mjs')], {}, asJson, readJson);

/** Undefined where there is no Python for it. */
function startPython(): Runner | undefined {
  if (python === undefined) return undefined;
  // The environment of the package's tests.
  const { status, stdout } = spawnSync(python, [here('../../../../packages/python/tests/environment/prepare.py')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PYTHONUTF8: '1' } });
  if (status !== 0) return undefined;
  return new LineRunner([stdout.trim().split('\n').at(-1)!, here('run_snippets.py')], { PYTHONPATH: here('../../../../packages/python/src'), PYTHONUTF8: '1' }, asJson, readJson);
}

/** A problem is what curl prints as well as a success. */
function readAnswer(line: string): Outcome {
  if (line === '') return { body: {} };
  const body = JSON.parse(line) as { code?: string; status?: number; request_id?: string };
  return body.request_id !== undefined && typeof body.status === 'number' ? { refused: body.code! } : { body };
}

function startShell(env: (folder: string) => Record<string, string> = () => ({})): Runner {
  const folder = mkdtempSync(path.join(tmpdir(), 'snippets-'));
  let count = 0;
  const request = (code: string, key: string) => {
    const file = path.join(folder, `${count++}.sh`);
    writeFileSync(file, code);
    return `${key} ${file}`;
  };
  const runner = new LineRunner(['sh', here('run-snippets.sh')], env(folder), request, readAnswer);
  return { run: (code, key) => runner.run(code, key), stop: () => runner.stop().finally(() => rmSync(folder, { recursive: true })) };
}

/** `verge` is the command line of this repository, with no sign-in of the person who runs the tests. */
const startCommandLine = (): Runner =>
  startShell((folder) => {
    writeFileSync(path.join(folder, 'verge'), `#!/bin/sh\nexec "${process.execPath}" "${here('../../../cli/dist/main.js')}" "$@"\n`, { mode: 0o755 });
    return { PATH: `${folder}${path.delimiter}${process.env['PATH']}`, VERGE_CONFIG: path.join(folder, 'config.json') };
  });

export const startRunner: Readonly<Record<Language, () => Runner | undefined>> = { python: startPython, typescript: startTypeScript, curl: () => startShell(), cli: startCommandLine };
