import { alternate } from '../alternate.js';
import { startBare } from '../bare-server.js';
import type { Options } from '../options.js';
import { startPythonCalls } from '../python-calls.js';
import type { Figure, Result } from '../result.js';
import { median } from '../statistics.js';

const ID = '64fb44b25e0d48d2b74e120513687bd7';
const PATH = `/v1/experiment/get/${ID}/${ID}`;
// What the reference page prints.
const MODEL = { entity_id: ID, name: `${ID}/${ID}/start_model`, size: '403693' };
const ANSWER = { ID, jobs: [], hyperparameters: { learning_rate: 0.01 }, current_job: 'NONE', start_model: MODEL, current_model: MODEL, is_active: false };

/** What the Python client costs beyond the HTTP library it stands on; the server is a bare one, so that it is not what is measured. */
export async function python(options: Options): Promise<Result[]> {
  const bare = await startBare('bare-express', { ANSWERS: JSON.stringify({ get: ANSWER, create: ANSWER }) });
  const calls = await startPythonCalls(`http://127.0.0.1:${bare.port}`, PATH);
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
  const figures = (['sync', 'async'] as const).flatMap((way): Figure[] => {
    const how = way === 'sync' ? 'python: one call after another' : 'python: 64 coroutines at once';
    return (['wallUs', 'cpuUs'] as const).map((unit) => {
      const pairs = measured[way].ours.map((ours, round) => ours[unit] / measured[way].bare[round]![unit]);
      return {
        label: `${how}, ${unit === 'wallUs' ? 'µs' : 'µs of the processor'}`,
        bare: median(measured[way].bare.map((one) => one[unit])).toFixed(0),
        ours: median(measured[way].ours.map((one) => one[unit])).toFixed(0),
        value: median(pairs),
      };
    });
  });
  return [{ name, what: 'Experiment.get of the Python client against the same request by httpx2 alone, both to a bare Express route', figures, rounds: measured }];
}
