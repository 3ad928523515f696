// What a call of the TypeScript client costs beyond fetch's own, in microseconds of this process.
import type { ClientCall } from './client-call.js';
import type { CallsToMake } from './start-sdk-calls.js';

const CALLS = 6_400;

/** As much of the client as is used here. Its types are not to be had before it is built. */
interface Client {
  readonly Experiment: { get(input: { project_id: string; experiment_id: string }): Promise<{ readonly body: { readonly ID: string } }> };
}
const { VergeAI } = (await import(new URL('../../../packages/sdk/dist/index.js', import.meta.url).href)) as { VergeAI: new (options: object) => Client };

const { BASE_URL: baseUrl = '', CALLED: path = '' } = process.env;
const [project_id, experiment_id] = path.split('/').slice(-2) as [string, string];
const client = new VergeAI({ apiKey: 'benchmark', baseUrl });
const headers = { Authorization: 'Bearer benchmark', Accept: 'application/json' };

const sides: Readonly<Record<CallsToMake['side'], () => Promise<string>>> = {
  async bare() {
    const response = await fetch(baseUrl + path, { headers });
    if (!response.ok) throw new Error(String(response.status));
    return ((await response.json()) as { ID: string }).ID;
  },
  ours: async () => (await client.Experiment.get({ project_id, experiment_id })).body.ID,
};

async function measure({ side, atOnce }: CallsToMake): Promise<ClientCall> {
  const each = CALLS / atOnce;
  const some = async () => {
    for (let n = 0; n < each; n++) await sides[side]();
  };
  const begun = { wall: performance.now(), cpu: process.cpuUsage() };
  await Promise.all(Array.from({ length: atOnce }, some));
  const { user, system } = process.cpuUsage(begun.cpu);
  return { wallUs: ((performance.now() - begun.wall) * 1000) / CALLS, cpuUs: (user + system) / CALLS };
}

if ((await sides.bare()) !== (await sides.ours())) throw new Error('Both must have the same answer.');
// Warms up.
for (const side of ['bare', 'ours'] as const) for (const atOnce of [1, 64]) await measure({ side, atOnce });
process.on('message', (calls: CallsToMake) => void measure(calls).then((measured) => process.send!(measured)));
process.send!('ready');
