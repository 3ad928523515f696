import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, testSeed } from '@vergeai/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { Chance } from '../src/chance.js';
import { Journal, readJournal } from '../src/journal.js';
import { track } from '../src/load/set-up.js';
import { startLoad } from '../src/load/start-load.js';
import { World } from '../src/load/world.js';
import { comeToRest } from '../src/run/come-to-rest.js';

it('does not wait for jobs when somebody of the load fell over, and says who did', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'vergeai-rest-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const journal = new Journal(path.join(folder, 'journal.jsonl'));
  const world = new World({
    chance: new Chance(testSeed('come to rest')),
    journal,
    adminKey: 'key',
    base: () => Promise.reject(new Error('planted')),
    patienceMs: 30_000,
    onMoment: () => {},
  });
  const load = startLoad(world);
  await eventually('an actor fell over', () => world.fellOver);
  const project = { id: 'p', devices: [], experiments: [], deleted: false };
  world.projects.push(project);
  track(project, 'e', 'json').unfinished.begin('nobody ends this job');

  // Three hours, were it to wait.
  await comeToRest(world, { broken: false, patienceSec: 1_200 });
  await load.ended();
  await journal.close();
  const wrong = (await readJournal(path.join(folder, 'journal.jsonl'))).filter(({ what }) => what === 'wrong');
  expect(wrong.length).toBeGreaterThan(0);
  for (const entry of wrong) expect(entry).toMatchObject({ sentence: expect.stringContaining('Error: planted') });
});
