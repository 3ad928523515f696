import { alternate } from '../alternate.js';
import { CALLED, callFigures, startAnswering } from '../client-call.js';
import type { Options } from '../options.js';
import { startPythonCalls } from '../python-calls.js';
import type { Result } from '../result.js';

/** What the Python client costs beyond the HTTP library it stands on; the server is a bare one, so that it is not what is measured. */
export async function python(options: Options): Promise<Result[]> {
  const bare = await startAnswering();
  const calls = await startPythonCalls(`http://127.0.0.1:${bare.port}`, CALLED);
  const name = 'python';
  if (!calls) {
    await bare.stop();
    return [{ name, what: 'not measured, for there is no Python here with httpx2', figures: [], rounds: [] }];
  }
  const measured = {
    sync: await alternate(options.rounds, () => calls.measure('bare', 'sync'), () => calls.measure('ours', 'sync')),
    async: await alternate(options.rounds, () => calls.measure('bare', 'async'), () => calls.measure('ours', 'async')),
  };
  await Promise.all([calls.stop(), bare.stop()]);
  const figures = [...callFigures('python: one call after another', measured.sync), ...callFigures('python: 64 coroutines at once', measured.async)];
  return [{ name, what: 'Experiment.get of the Python client against the same request by httpx2 alone, both to a bare Express route', figures, rounds: measured }];
}
