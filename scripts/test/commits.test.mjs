import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './clean-workspace.mjs';

const written = [
  ['features/jobs/create.ts', `await ctx.db.prisma.$transaction(async (tx) => {});`, '$transaction'],
  ['engine/end-job.ts', `await ctx.db.prisma.job.updateMany({ where: {} });`, 'prisma.job.updateMany'],
  ['upkeep/background.ts', `await ctx.db.prisma.task.deleteMany({});`, 'prisma.task.deleteMany'],
  ['tasks/embedded-task-queue.ts', `const { prisma } = db; await prisma.task.create({ data });`, 'prisma.task.create'],
  ['access/actor.ts', `await this.db.write([statement]);`, 'db.write'],
  ['start/log.ts', 'await ctx.db.prisma.$executeRaw`SELECT 1`;', 'prisma.$executeRaw'],
];

for (const [file, line, what] of written) {
  test(`refused for committing past writing/ in ${file}: ${line}`, (t) => {
    assert.deepEqual(check(t, { [`apps/api/src/${file}`]: `// first line\n${line}\n` }), [
      `apps/api/src/${file}:2: ${what} commits past writing/; go through what writing/ offers.`,
    ]);
  });
}

test('lets anybody read, write in a transaction that was handed over, and write to what is no database', (t) => {
  const planted = {
    'apps/api/src/engine/lease.ts': `await ctx.db.prisma.job.findFirst({});\nawait tx.job.update({ where: { id } });\nresponse.write('x');\n// prisma.job.update({})`,
    'apps/api/src/writing/step.ts': `await ctx.db.prisma.$transaction(run);\nawait ctx.db.write(statements);`,
  };
  assert.deepEqual(check(t, planted), []);
});
