import path from 'node:path';
import { startApi, withFolder } from '../api-server.js';
import type { Options } from '../options.js';
import type { Result } from '../result.js';
import { seedExperiments } from '../seed-experiments.js';
import { quantile } from '../statistics.js';

const EXPERIMENTS = 10_000;
const JOBS_EACH = 3;
const WARM_UP = 10;
/** So many answers for each of the options' rounds. */
const ANSWERS_A_ROUND = 30;
const GOAL_MS = 60;

/** What a person asks a table of experiments for. */
const questions: Readonly<Record<string, string>> = {
  'newest first': '',
  'a name searched for': 'q=cosine 7',
  'a tag': 'tag=paper',
  'by a metric': 'sort=metric&metric=loss&order=asc',
  'by name': 'sort=name',
  'last changed first': 'sort=updated',
  'with parameters and metrics': 'params=lr,batch_size,optimizer.name&metrics=loss,accuracy',
  'all of it at once': 'q=deep&tag=gpu&archived=include&sort=metric&metric=loss&params=lr&metrics=loss',
};

/** How long one person waits for a page of 50 experiments in a project of 10,000. */
export async function lists(options: Options): Promise<Result[]> {
  return withFolder(async (folder) => {
    const dataDir = path.join(folder, 'data');
    const empty = await startApi({ dataDir });
    const { project_id: projectId } = await empty.call<{ project_id: string }>('POST', '/v1/project/create', { project_name: 'Benchmark' });
    await empty.stop();
    seedExperiments({ file: path.join(dataDir, 'vergeai.db'), projectId, experiments: EXPERIMENTS, jobsEach: JOBS_EACH });

    const api = await startApi({ dataDir, profile: options.profile });
    const measured: Record<string, number[]> = {};
    for (const [question, query] of Object.entries(questions)) {
      const ask = async () => {
        const startedAt = performance.now();
        await api.call('GET', `/v1/experiment/list/${projectId}?${query}`);
        return performance.now() - startedAt;
      };
      for (let at = 0; at < WARM_UP; at++) await ask();
      measured[question] = [];
      for (let at = 0; at < options.rounds * ANSWERS_A_ROUND; at++) measured[question].push(await ask());
    }
    await api.stop();
    return [
      {
        name: 'lists',
        what: `GET experiment/list, 50 of ${EXPERIMENTS.toLocaleString('en')} experiments with ${JOBS_EACH} jobs each, one request after the other, SQLite; the 95th percentile of ${options.rounds * ANSWERS_A_ROUND}`,
        rounds: measured,
        figures: Object.entries(measured).map(([question, milliseconds]) => {
          const value = quantile(Float64Array.from(milliseconds).sort(), 0.95);
          return { label: `lists: ${question}, ms`, ours: value.toFixed(1), value, goal: { atMost: GOAL_MS } };
        }),
      },
    ];
  });
}
