import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { completeStrategy } from '@vergeai/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newProject, send, startApi, type TestApi } from '../support/api.js';

const page = await readFile(new URL('../../../../docs/strategies.md', import.meta.url), 'utf8');

/** Every strategy, in the order of the page. */
const types = ['FedAvg', 'FedProx', 'FedAvgM', 'FedAdam', 'FedYogi', 'FedAdagrad', 'QFedAvg', 'FedMedian', 'FedTrimmedAvg', 'Krum', 'MultiKrum', 'GeometricMedian', 'Bulyan'];

describe('docs/strategies.md', () => {
  let api: TestApi;
  let project: string;
  beforeAll(async () => {
    api = await startApi('sqlite');
    project = await newProject(api);
  });
  afterAll(() => api.close());

  it('begins with a command that creates an experiment with the strategy it says', async () => {
    const [, command] = /```sh\n(curl [^]*?)```/.exec(page)!;
    const { stdout } = await promisify(execFile)('bash', ['-c', command!.replace('"project_id": "…"', `"project_id": "${project}"`)], {
      env: { PATH: process.env['PATH'], VERGEAI_URL: api.url, VERGEAI_API_KEY: api.adminKey },
    });
    const { ID } = JSON.parse(stdout) as { ID: string };
    const { body } = await send(api, 'GET', `/v1/experiment/describe/${project}/${ID}`, { key: api.adminKey });
    expect(body.aggregation_strategy).toMatchObject({ type: 'FedAdam', server_learning_rate: 0.03 });
  });

  const written = [...page.matchAll(/`(\{"type": ?"(?:Fed|Q|Multi|Krum|Geo|Bulyan)[^`]*\})`/g)].map(([, text]) => text!).filter((text) => !text.includes('C}'));

  it.each(written)('shows %s, which the server takes as a strategy or as a rule', async (text) => {
    const strategy = JSON.parse(text) as { type: string };
    const { status, text: answer } = await send(api, 'POST', '/v1/experiment/create', { key: api.adminKey, json: { project_id: project, aggregation_strategy: strategy } });
    expect(status, answer).toBe(200);
  });

  it('has a row for every type there is', () => {
    expect(Array.from(page.matchAll(/^\| `(\w+)` \|/gm), ([, type]) => type)).toEqual(types);
  });

  it('tells the defaults that are taken', () => {
    const row = (type: string) => new RegExp(`\\n\\| \`${type}\` \\|([^\\n]*)`).exec(page)![1]!;
    expect(row('FedProx')).toContain(`μ ${completeStrategy('FedProx')['proximal_mu' as 'type']}`);
    for (const [type, shown] of [
      ['FedAvgM', { server_learning_rate: 'η 1', server_momentum: 'β 0.9' }],
      ['FedAdam', { server_learning_rate: 'η 0.1', beta_1: '`beta_1` 0.9', beta_2: '`beta_2` 0.99', tau: '`tau` 0.001' }],
      ['FedAdagrad', { server_learning_rate: 'η 0.03', beta_1: '`beta_1` 0,', tau: '`tau` 0.001' }],
      ['QFedAvg', { q: '`q` 0.1' }],
      ['FedTrimmedAvg', { trim_fraction: '`trim_fraction` 0.2' }],
      ['GeometricMedian', { iterations: '`iterations` 4' }],
    ] as const) {
      const complete = completeStrategy({ type }) as unknown as Record<string, number>;
      for (const [name, text] of Object.entries(shown)) {
        expect(row(type), type).toContain(text);
        expect(Number(/[\d.]+(?=,?$)/.exec(text)![0]), `${type} ${name}`).toBe(complete[name]);
      }
    }
  });
});
