import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NotHere, onServer, type Attack } from './attack.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../python/forks_and_signals.py', import.meta.url));
const client = fileURLToPath(new URL('../../../../packages/python', import.meta.url));

export const forksAndSignals = (calls = 1_000, signals = 200): Attack => ({
  name: 'forks-and-signals',
  what: `${calls} calls of the Python client in forked processes, and ${signals} workers told to stop by a signal milliseconds after they began`,
  run: onServer(async (server, say) => {
    await run('python3', ['-c', 'import os, sys; sys.exit(not hasattr(os, "fork") or sys.version_info < (3, 10))']).catch(() => {
      throw new NotHere('it takes python3 3.10 or later, and fork');
    });
    // As the tests of the client do: with what it needs in an environment of its own.
    const { stdout: prepared } = await run('python3', [`${client}/tests/environment/prepare.py`]).catch((error: unknown) => {
      throw new NotHere(`the Python client can't be made ready: ${error instanceof Error ? error.message : String(error)}`);
    });
    const python = prepared.trim().split('\n').at(-1)!;
    const { stdout } = await run(python, [script, `${client}/src`, server.url, server.key, String(calls), String(signals)], { timeout: 20 * 60_000, maxBuffer: 2 ** 24 });
    const { violations, said } = JSON.parse(stdout) as { violations: string[]; said: string[] };
    for (const line of said) say(line);
    return violations;
  }),
});
