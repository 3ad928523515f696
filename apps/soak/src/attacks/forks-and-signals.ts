import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NotHere, onServer, type Attack } from './attack.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../python/forks_and_signals.py', import.meta.url));
const sources = fileURLToPath(new URL('../../../../packages/python/src', import.meta.url));

export const forksAndSignals = (calls = 1_000, signals = 200): Attack => ({
  name: 'forks-and-signals',
  what: `${calls} calls of the Python client in forked processes, and ${signals} workers told to stop by a signal milliseconds after they began`,
  run: onServer(async (server, say) => {
    await run('python3', ['-c', 'import os, sys; sys.exit(not hasattr(os, "fork") or sys.version_info < (3, 10))']).catch(() => {
      throw new NotHere('it takes python3 3.10 or later, and fork');
    });
    const { stdout } = await run('python3', [script, sources, server.url, server.key, String(calls), String(signals)], { timeout: 20 * 60_000, maxBuffer: 2 ** 24 });
    const { violations, said } = JSON.parse(stdout) as { violations: string[]; said: string[] };
    for (const line of said) say(line);
    return violations;
  }),
});
