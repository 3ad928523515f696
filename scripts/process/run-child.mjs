import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from '../setup/workspace.mjs';
import { onStopRequest } from './stop-requests.mjs';

// One Ctrl-C arrives several times: from the terminal and from npm, which passes it on.
const SAME_CTRL_C_MS = 500;

/**
 * Runs a command to its end, and ends it when this process is asked to stop. A second Ctrl-C kills it.
 * @param {{ env: NodeJS.ProcessEnv, onOutput?: (bytes: Buffer) => void, relay?: boolean }} options without `onOutput` the command
 *   shares our terminal; with `relay` it gets every request to stop, and says itself what a second Ctrl-C means
 * @returns {Promise<{ code: number, stopped: boolean }>} the exit code as a shell would tell it
 */
export function runChild(command, args, { env, onOutput, relay = false }) {
  const child = spawn(command, args, {
    cwd: root,
    env,
    stdio: onOutput === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  child.stdout?.on('data', onOutput);
  child.stderr?.on('data', onOutput);

  let askedAt;
  const stopListening = onStopRequest((signal) => {
    if (askedAt === undefined || relay) {
      askedAt ??= Date.now();
      child.kill(signal);
    } else if (signal === 'SIGINT' && Date.now() - askedAt > SAME_CTRL_C_MS) {
      child.kill('SIGKILL');
    }
  });

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code: code ?? 128 + constants.signals[signal], stopped: askedAt !== undefined });
    });
  }).finally(stopListening);
}
