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
