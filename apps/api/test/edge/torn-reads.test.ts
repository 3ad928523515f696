import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.js';
import { databases, newProject, newUser, send, startApi, type TestApi } from '../support/api.js';
import { model, newJob, newTraining, submitUpdate } from '../support/training.js';
import { expectProblem } from '../support/uploads.js';

/** What a request finds when its later statements no longer see what its first one saw; by project. */
const gone = new Set<string>();

/** What happens once a job has been read and nothing else; by job. */
const afterwards = new Map<string, () => Promise<unknown>>();

/** What belongs to a row is read in statements of their own. These give what they give when it was deleted in between. */
function readTorn(ctx: Context): Context {
  const prisma = ctx.db.prisma.$extends({
    query: {
      project: {
        async findMany({ args, query }) {
          const rows = (await query(args)) as Array<{ id: string; members?: unknown[] }>;
          return rows.map((row) => (gone.has(row.id) ? { ...row, members: [] } : row)) as never;
        },
      },
      job: {
        async findFirst({ args, query }) {
          const row = (await query(args)) as { id: string } | null;
          const next = row && afterwards.get(row.id);
          afterwards.delete(row?.id ?? '');
          await next?.();
          return row as never;
        },
      },
    },
  });
  return { ...ctx, db: { ...ctx.db, prisma: prisma as unknown as Context['db']['prisma'] } };
}

describe.each(databases)('what is deleted while it is being read, on %s,', (database) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi(database, {}, { change: readTorn });
  });
  afterAll(() => api.close());

  it('is a project or a membership: it is left out of the list, and the pages go on behind it', async () => {
    const owner = await newUser(api);
    const [first, second, third] = [await newProject(api, owner.key), await newProject(api, owner.key), await newProject(api, owner.key)];
    gone.add(second);
    const listed: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await send(api, 'GET', `/v1/project/list?limit=1${cursor && `&cursor=${cursor}`}`, { key: owner.key });
      expect(status).toBe(200);
      listed.push(...body.data.map(({ project_id }: { project_id: string }) => project_id));
      cursor = body.next_cursor;
    }
    expect(listed.toSorted()).toEqual([first, third].toSorted());
  });

  it('is a job: it is not found', async () => {
    const training = await newTraining(api, 2);
    const job = await newJob(api, training, { num_devices: 2 });
    expect((await submitUpdate(api, training, job, training.devices[0]!, model(1))).status).toBe(204);
    const get = () => send(api, 'GET', `/v1/job/get/${training.project}/${job}`, { key: api.adminKey });
    expect((await get()).status).toBe(200);
    afterwards.set(job, async () => {
      expect((await send(api, 'POST', '/v1/project/delete', { key: api.adminKey, json: { project_id: training.project } })).status).toBe(200);
    });
    expectProblem(await get(), 404, 'job_not_found');
  });
});
