import { interruption } from './interruption.js';
import type { Invocation } from './program.js';

/** Runs a command and prints what it gives. The code that the process ends with is set when that is over. */
export async function run({ module, args, options, globals, root }: Invocation): Promise<void> {
  const stop = interruption();
  const [{ Context }, { print }] = await Promise.all([import('../context/context.js'), import('../output/print.js')]);
  const context = new Context(globals, stop, root);
  try {
    const result = await module.run(context, args, options);
    await print(result, globals);
    process.exitCode = result && 'exitCode' in result ? (result.exitCode ?? 0) : 0;
  } catch (error) {
    const { Described, curlLine } = await import('../context/described.js');
    if (error instanceof Described) return print({ kind: 'text', text: curlLine(error.request) }, globals);
    const { tell } = await import('../output/tell.js');
    tell(stop.signal.aborted ? stop.signal.reason : error, globals, () => context.client.baseUrl);
  }
}
