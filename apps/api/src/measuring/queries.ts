import { build, query } from '@vergeai/db';
import { awaitedStates, JobStatus } from '@vergeai/domain';

/** However much there is, no more rows than this are looked at; that many is how it is then told. */
export const MOST_ROWS = 10_000;

/** The oldest first. Few of a server's tasks are unfinished at any time. */
export const unfinishedTasks = query((_: object) =>
  build.selectFrom('Task').select(['kind', 'runAt', 'leaseExpiresAt']).where('finishedAt', 'is', null).orderBy('runAt').limit(MOST_ROWS));

export const openStatuses = [JobStatus.INITIALIZED, JobStatus.IN_PROGRESS, JobStatus.AGGREGATION_IN_PROGRESS] as const;

export const jobsWith = query((of: { status: JobStatus }) =>
  build
    .selectFrom(build.selectFrom('Job').select('id').where('status', '=', of.status).limit(MOST_ROWS).as('some'))
    .select(({ cast, fn }) => cast<number>(fn.countAll(), 'integer').as('count')));

export const awaitedDevices = query((_: object) =>
  build
    .selectFrom(
      build
        .selectFrom('Job as j')
        .innerJoin('JobDevice as d', 'd.jobId', 'j.id')
        .select('d.state')
        .where('j.status', '=', JobStatus.IN_PROGRESS)
        .where('d.state', 'in', awaitedStates)
        .limit(MOST_ROWS)
        .as('some'),
    )
    .select(({ cast, fn }) => ['some.state' as const, cast<number>(fn.countAll(), 'integer').as('count')])
    .groupBy('some.state'));

/** Each project's row has its sum, kept by whoever writes, so this is a row a project and not one a model. */
export const storedBytes = query((_: object) =>
  build.selectFrom('Project').select(({ cast, fn }) => cast<number | null>(fn.sum('storedBytes'), 'double precision').as('bytes')));
