import { Context } from '../context/context.js';
import { curlLine, Described } from '../context/described.js';
import { print } from '../output/print.js';
import { tell } from '../output/tell.js';
import { interruption } from './interruption.js';
import type { Invocation } from './program.js';

/** Runs a command and prints what it gives. The code that the process ends with is set when that is over. */
export async function run({ module, args, options, globals, root }: Invocation): Promise<void> {
  const stop = interruption();
  const context = new Context(globals, stop, root);
  try {
    const result = await module.run(context, args, options);
    await print(result, globals);
    process.exitCode = result && 'exitCode' in result ? (result.exitCode ?? 0) : 0;
  } catch (error) {
    if (error instanceof Described) return print({ kind: 'text', text: curlLine(error.request) }, globals);
    tell(stop.signal.aborted ? stop.signal.reason : error, globals, () => context.client.baseUrl);
  }
}
