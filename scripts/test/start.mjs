import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process with what it printed; `end` resolves when it and all that share its output have ended. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options });
  const closed = once(child, 'close');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  return {
    child,
    output: () => output,
    async line(pattern) {
      while (!pattern.test(output)) await once(child.stdout, 'data');
    },
    end: async () => (await closed)[0],
  };
}

/** Calls `press` again and again while the server that has said it is ready lives: what comes after its end may end anybody. */
export function keepPressing(run, press) {
  const server = Number(/server (\d+) ready/.exec(run.output())?.[1]);
  const again = setInterval(() => (lives(server) ? press() : clearInterval(again)), 100);
}

function lives(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
