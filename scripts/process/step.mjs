import { toolEnvironment } from '../setup/environment.mjs';
import { runChild } from './run-child.mjs';

/**
 * Runs one step behind a line like `Building… 3.2 s`; what the command itself prints is shown only when it fails.
 * @param {{ linesBetween?: boolean }} options whether the caller prints lines while the step runs
 */
export async function step(doing, command, args, { linesBetween = false } = {}) {
  process.stdout.write(linesBetween ? `${doing}…\n` : `${doing}… `);
  const started = Date.now();
  const output = [];
  const { code, stopped } = await runChild(command, args, {
    env: toolEnvironment,
    onOutput: (bytes) => output.push(bytes),
  });
  if (stopped) {
    console.log('stopped');
    process.exit(code || 1);
  }
  const took = `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const end = code === 0 ? took : `failed after ${took}`;
  console.log(linesBetween ? `${doing}… ${end}` : end);
  if (code !== 0) process.stdout.write(Buffer.concat(output));
  return code === 0;
}
