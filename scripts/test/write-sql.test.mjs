import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const written = [
  ['features/jobs/create.ts', 'const sql = `INSERT INTO "Job" ("id") VALUES (?)`;', 'INSERT INTO'],
  ['engine/lease.ts', `const sql = 'UPDATE "JobDevice" SET "version" = 1';`, 'UPDATE'],
  ['engine/lease.ts', 'const sql = `UPDATE ${table} SET "version" = 1`;', 'UPDATE'],
  ['engine/end-job.ts', 'await tx.$executeRaw`UPDATE Job SET version = 1`;', 'UPDATE'],
  ['writing/step.ts', `const sql = 'DELETE FROM "Event"';`, 'DELETE FROM'],
];

for (const [file, line, what] of written) {
  test(`refused for writing by hand what changes rows in ${file}: ${line}`, (t) => {
    assert.deepEqual(check(t, { [`apps/api/src/${file}`]: `// first line\n${line}\n` }), [
      `apps/api/src/${file}:2: ${what} is written by hand; let packages/db make the statement, which knows the schema.`,
    ]);
  });
}

test('lets SQL read by hand, sentences speak of updates, and packages/db write', (t) => {
  const planted = {
    'apps/api/src/engine/lease.ts': 'const sql = `SELECT 1 FROM "Job" FOR UPDATE`;\nconst sentence = "UPDATE it"; // INSERT INTO "Job"',
    'packages/db/src/insert.ts': 'export const insert = `INSERT INTO "Job"`;',
  };
  assert.deepEqual(check(t, planted), []);
});
