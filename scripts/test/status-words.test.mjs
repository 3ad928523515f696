import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const written = [
  ['features/jobs/create.ts', `if (job.status !== 'CANCELLED') throw new Error();`, `'CANCELLED'`],
  ['features/jobs/list.ts', `export type How = "FAILED";`, `"FAILED"`],
  ['engine/end-job.ts', "const sql = `SELECT 1 WHERE jd.\"state\" <> 'REPLACED'`;", `'REPLACED'`],
  ['engine/lease.ts', 'await tx.jobDevice.create({ data: { state: `DRAWN` } });', '`DRAWN`'],
  ['access/actor.ts', `const state = 'LEASED';`, `'LEASED'`],
  ['writing/step.ts', `const state = 'SUBMITTED';`, `'SUBMITTED'`],
];

for (const [file, line, text] of written) {
  test(`refused for writing the word of a status once more in ${file}: ${line}`, (t) => {
    assert.deepEqual(check(t, { [`apps/api/src/${file}`]: `// first line\n${line}\n` }), [
      `apps/api/src/${file}:2: ${text} is a word of packages/domain; import it instead of writing it once more.`,
    ]);
  });
}

test('lets comments and sentences speak of a status, and packages/domain write it', (t) => {
  const planted = {
    'apps/api/src/engine/lease.ts': `// From 'DRAWN' to 'LEASED'.\nconst sentence = 'The job is COMPLETED.';`,
    'packages/domain/src/mean.ts': `export const drawn = 'DRAWN';`,
  };
  assert.deepEqual(check(t, planted), []);
});
