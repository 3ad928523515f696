import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

export interface Seed {
  /** Of the database of a server that has been stopped. */
  readonly file: string;
  readonly projectId: string;
  readonly experiments: number;
  readonly jobsEach: number;
}

const METRICS = ['accuracy', 'f1', 'loss', 'precision', 'recall'];
const WORDS = ['Digits', 'baseline', 'wide', 'deep', 'cosine', 'warm-up', 'no decay', 'small batch', 'large batch', 'augmented'];
const DAY_MS = 86_400_000;

const newId = () => randomBytes(16).toString('hex');
const below = (n: number) => Math.floor(Math.random() * n);

/**
 * Experiments with jobs that have ended, tags and metrics, as training leaves them behind. Straight into the database: to train so many
 * would take hours.
 */
export function seedExperiments({ file, projectId, experiments, jobsEach }: Seed): void {
  const database = new DatabaseSync(file);
  const insert = (table: string, row: Record<string, string | number | null>) => {
    const columns = Object.keys(row);
    prepared(database, `INSERT INTO "${table}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...Object.values(row));
  };
  database.exec('PRAGMA foreign_keys = OFF; BEGIN');
  const now = Date.now();
  for (let at = 0; at < experiments; at++) {
    const id = newId();
    const name = `${WORDS[below(WORDS.length)]} ${WORDS[below(WORDS.length)]} ${below(1000)}`;
    const createdAt = now - below(90 * DAY_MS);
    const jobs = Array.from({ length: jobsEach }, newId);
    insert('Experiment', {
      id,
      projectId,
      name,
      searchName: name.toLowerCase(),
      hyperparameters: JSON.stringify({ lr: 10 ** -below(5), batch_size: 2 ** below(9), optimizer: { name: 'adam', betas: [0.9, 0.999] }, seed: below(1e9), note: 'x'.repeat(below(400)) }),
      currentJobId: jobs.at(-1) ?? null,
      lastCompletedJobId: jobs.at(-1) ?? null,
      isActive: 0,
      version: 1 + 8 * jobsEach,
      nextJobSequence: jobsEach + 1,
      nextEventSequence: 1,
      createdAt,
      updatedAt: createdAt + below(DAY_MS),
      archivedAt: at % 20 === 0 ? now : null,
    });
    for (const [index, jobId] of jobs.entries()) {
      insert('Job', {
        id: jobId,
        projectId,
        experimentId: id,
        sequence: index + 1,
        status: 'CANCELLED',
        version: 3,
        numDevices: 4,
        numBufferDevices: 0,
        deviceSelectionStrategy: 'RANDOM',
        terminationCriteria: '[]',
        updatesReceived: 4,
        billableSize: 1,
        reason: 'seeded',
        createdAt,
        startedAt: createdAt,
        endedAt: createdAt + 1000,
      });
    }
    if (jobs.length > 0) METRICS.forEach((metric, position) => insert('ExperimentMetric', { experimentId: id, position, projectId, jobId: jobs.at(-1)!, name: metric, value: Math.random() }));
    for (const tag of ['paper', 'gpu', 'rejected']) if (below(3) === 0) insert('ExperimentTag', { experimentId: id, tag, projectId });
  }
  database.exec('COMMIT');
  database.close();
}

const statements = new WeakMap<DatabaseSync, Map<string, ReturnType<DatabaseSync['prepare']>>>();

function prepared(database: DatabaseSync, sql: string) {
  const known = statements.get(database) ?? new Map<string, ReturnType<DatabaseSync['prepare']>>();
  statements.set(database, known);
  const statement = known.get(sql) ?? database.prepare(sql);
  known.set(sql, statement);
  return statement;
}
