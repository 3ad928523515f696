import { toolEnvironment } from '../setup/environment.mjs';
import { runChild } from './run-child.mjs';

/** Runs one step of the set-up behind a line like `Building… 3.2 s`; its output is shown only when it fails. */
export async function step(doing, command, args) {
  process.stdout.write(`${doing}… `);
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
  console.log(code === 0 ? took : `failed after ${took}`);
  if (code !== 0) process.stdout.write(Buffer.concat(output));
  return code === 0;
}
