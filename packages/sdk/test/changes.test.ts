import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProjectChange as Told } from '@vergeai/contract';
import { eventually, startServer } from '@vergeai/testkit';
import { expect, expectTypeOf, it } from 'vitest';
import { NotFound, VergeAI, type ProjectChange, type ProjectHello } from '../src/index.js';

it('the changes of a project are told through kill -9 of the server: each connection says hello, and a right that is lost ends it', { timeout: 120_000 }, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'sdk-changes-'));
  let server = await startServer({ dataDir });
  try {
    const { port } = new URL(server.url);
    const vergeai = new VergeAI({ apiKey: server.key, baseUrl: server.url });
    const { project_id } = (await vergeai.Project.create({ project_name: 'Changes' })).body;
    const messages: (ProjectHello | ProjectChange)[] = [];
    const connections: string[] = [];
    const hellos = () => messages.filter(({ type }) => type === 'hello').length;
    const listening = (async () => {
      for await (const message of vergeai.Project.changes({ project_id }, { onConnection: (now) => connections.push(now) })) messages.push(message);
    })();
    const ended = listening.catch((error: unknown) => error);

    for (let round = 1; round <= 2; round++) {
      await eventually('it says hello', () => hellos() === round);
      const { body } = await vergeai.Experiment.create({ project_id });
      const told = { type: 'change', about: 'experiment', id: body.ID, experiment_id: body.ID };
      await eventually('the experiment is told', () => messages.some((message) => JSON.stringify(message) === JSON.stringify(told)));
      await server.kill();
      await eventually('the loss is noticed', () => connections.filter((each) => each === 'lost').length === round);
      server = await startServer({ dataDir, env: { PORT: port } });
    }
    await eventually('it says hello', () => hellos() === 3);
    expect(connections).toEqual(['live', 'lost', 'live', 'lost', 'live']);
    await vergeai.Project.delete({ project_id });
    expect(await ended).toBeInstanceOf(NotFound);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true });
  }
});

it('a change is told as the contract has it', () => {
  expectTypeOf<ProjectChange>().toEqualTypeOf<Readonly<Told>>();
});
