import { startApi, withFolder } from '../api-server.js';
import { startBare } from '../bare-server.js';
import { startLoadGenerator } from '../load-generator.js';
import type { Options } from '../options.js';
import type { Result } from '../result.js';
import { compareRequests, CONNECTIONS, requestText, type RequestBenchmark, type Sides } from './requests.js';

const HYPERPARAMETERS = { learning_rate: 0.01 };
const MODEL = { weight: [[0.25, -0.5], [1, 2]] };

/** experiment/get and experiment/create through the whole stack, against an Express route with the same answer. */
export async function experiments(options: Options): Promise<Result[]> {
  return withFolder(async (dataDir) => {
    const api = await startApi({ dataDir, profile: options.profile });
    const { project_id } = await api.call<{ project_id: string }>('POST', '/v1/project/create', { project_name: 'Benchmark' });
    const create = { project_id, hyperparameters: HYPERPARAMETERS };
    const created = await api.call<{ ID: string }>('POST', '/v1/experiment/create', create);
    // One for each connection, as the reference page prints them: with a start model.
    const ids = await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        const { ID } = await api.call<{ ID: string }>('POST', '/v1/experiment/create', create);
        await api.call('POST', '/v1/experiment/submit_start_model', { project_id, experiment_id: ID, model: MODEL });
        return ID;
      }),
    );
    const got = await api.call('GET', `/v1/experiment/get/${project_id}/${ids[0]}`);

    const bare = await startBare('bare-express', { ANSWERS: JSON.stringify({ get: got, create: created }) });
    const sides: Sides = { api, bare, load: startLoadGenerator() };
    const benchmarks: (RequestBenchmark & { name: 'get' | 'create' })[] = [
      {
        name: 'get',
        what: 'GET experiment/get, SQLite, against a bare Express route with res.json of the same answer',
        goal: 0.45,
        requests: ids.map((id) => requestText('GET', `/v1/experiment/get/${project_id}/${id}`, api.key)),
      },
      {
        name: 'create',
        what: 'POST experiment/create, committed to SQLite with synchronous=FULL, against a bare Express route with express.json and res.json of the same answer',
        goal: 0.25,
        requests: [requestText('POST', '/v1/experiment/create', api.key, create)],
      },
    ];
    const results: Result[] = [];
    for (const benchmark of benchmarks) {
      if (options.only.includes(benchmark.name)) results.push(await compareRequests(sides, benchmark, options));
    }
    await Promise.all([api.stop(), bare.stop(), sides.load.stop()]);
    return results;
  });
}
