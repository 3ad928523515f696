import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { operations } from '@vergeai/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { implementations } from '../../src/features/index.js';
import { implementedContract } from '../../src/http/register.js';
import { send, startApi, type TestApi } from '../support/api.js';

const canRun = ['bash', 'curl'].every((program) => spawnSync(program, ['--version']).status === 0);

describe('/llms.txt', () => {
  let api: TestApi;
  let text: string;
  beforeAll(async () => {
    api = await startApi('sqlite');
    ({ text } = await send(api, 'GET', '/llms.txt'));
  });
  afterAll(() => api.close());

  it('is text that everybody may read, and says first what this is', async () => {
    const { status, headers } = await send(api, 'GET', '/llms.txt');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(text).toMatch(/^# Experiments API\n\n> \S/);
  });

  it('tells of exactly the operations that are registered', () => {
    const told = [...text.matchAll(/^- `(\w+ \/v1\/\S+)` \(`([\w.]+)`/gm)].map(([, route, name]) => `${name} ${route}`);
    expect(told.toSorted()).toEqual(operations(implementedContract(implementations)).map(({ name, route }) => `${name} ${route.method} ${route.path}`).toSorted());
  });

  it('has links that work, also under a path', async () => {
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link!);
    expect(links).toEqual(['openapi.json', 'docs/', 'problems']);
    for (const link of links) expect((await send(api, 'GET', new URL(link, `${api.url}/llms.txt`).href)).status, link).toBe(200);
  });

  it.skipIf(!canRun)('has an example that does what it says, as it stands', async () => {
    const [, program] = /```sh\n(.*?)```/s.exec(text)!;
    const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-eu', '-c', program!], { env: { PATH: process.env['PATH'], API: api.url, KEY: api.adminKey } });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/"hyperparameters":\{"learning_rate":0.1\}.*\{"w":\[1,2\]\}$/s);
  });
});
