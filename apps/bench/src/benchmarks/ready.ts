import { startApi, withFolder } from '../api-server.js';
import { startBare } from '../bare-server.js';
import type { Options } from '../options.js';
import type { Result } from '../result.js';
import { median } from '../statistics.js';

/** From spawning the built server to the first 200 of GET /readyz. */
export async function ready(options: Options): Promise<Result[]> {
  const rounds: { bare: number; first: number; again: number }[] = [];
  for (let round = 0; round < options.rounds; round++) {
    rounds.push(
      await withFolder(async (dataDir) => ({
        bare: await bareStart(),
        first: await startAndStop(dataDir),
        again: await startAndStop(dataDir),
      })),
    );
  }
  const middle = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of)) / 1000;
  const line = (label: string, seconds: number) => ({
    label,
    bare: middle(({ bare }) => bare).toFixed(2),
    ours: seconds.toFixed(2),
    value: seconds,
    goal: { atMost: 1 },
  });
  return [
    {
      name: 'ready',
      what: 'from spawning the built server to the first 200 of GET /readyz; beside it, until a bare Express app listens',
      rounds,
      figures: [
        line('ready: first start, empty data folder, s', middle(({ first }) => first)),
        line('ready: any later start, s', middle(({ again }) => again)),
      ],
    },
  ];
}

async function startAndStop(dataDir: string): Promise<number> {
  const api = await startApi({ dataDir });
  await api.stop();
  return api.readyMs;
}

async function bareStart(): Promise<number> {
  const startedAt = performance.now();
  const bare = await startBare('bare-express', { ANSWERS: '{}' });
  const milliseconds = performance.now() - startedAt;
  await bare.stop();
  return milliseconds;
}
