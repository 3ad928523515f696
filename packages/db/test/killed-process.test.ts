import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { seededRandom, testSeed } from '@vergeai/testkit';
import Database from 'better-sqlite3';
import { describe, expect, inject, test } from 'vitest';
import { migrate } from '../src/index.js';
import { emptyDatabase, KINDS, open } from './databases.js';

const script = fileURLToPath(new URL('fixtures/write-until-killed.mjs', import.meta.url));
const ROUNDS = 4;

describe.each(KINDS)('on %s', (kind) => {
  test('what a process acknowledged before kill -9 is there, whole, and nothing it undid is', async () => {
    const random = seededRandom(testSeed('kill -9 among writes'));
    const url = await emptyDatabase(kind);
    await migrate({ url });
    const acknowledged = new Set<string>();

    for (let round = 0; round < ROUNDS; round++) {
      await writeUntilKilled(url, 1 + Math.floor(random() * 150), acknowledged);

      const database = await open(url);
      // One snapshot: PostgreSQL may still be finishing what the dead process had asked for.
      const [projects, events] = await database.prisma.$transaction(
        [
          database.prisma.project.findMany({ select: { id: true, name: true } }),
          database.prisma.auditEvent.findMany({ select: { projectId: true } }),
        ],
        { isolationLevel: 'Serializable' },
      );
      const ids = new Set(projects.map(({ id }) => id));
      expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
      expect(projects.filter(({ name }) => name === 'undone')).toEqual([]);
      const pairs = projects.filter(({ name }) => name === 'pair').map(({ id }) => id);
      expect(events.map(({ projectId }) => projectId).toSorted()).toEqual(pairs.toSorted());
      await database.close();
    }
    expect(integrity(url)).toBe('ok');
  });
});

/** PostgreSQL has no such check, and no process of ours writes its files. */
function integrity(url: string): unknown {
  if (!url.startsWith('file:')) return 'ok';
  const database = new Database(url.slice('file:'.length), { readonly: true });
  try {
    return database.pragma('integrity_check', { simple: true });
  } finally {
    database.close();
  }
}

/** Lets a process write until it has acknowledged so many, kills it, and adds all that it said. */
async function writeUntilKilled(url: string, count: number, acknowledged: Set<string>): Promise<void> {
  const child = spawn(process.execPath, [script, inject('compiledDir'), url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let seen = 0;
  for await (const id of createInterface({ input: child.stdout })) {
    acknowledged.add(id);
    if (++seen === count) child.kill('SIGKILL');
  }
  await exited;
  expect(child.signalCode, 'it was killed, it did not fail').toBe('SIGKILL');
}
