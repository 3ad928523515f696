import { parseArgs } from 'node:util';
import { findViolations } from './check/checks.js';
import { toEvidence } from './check/evidence.js';
import { readDatabase } from './check/read-database.js';
import { readJournal } from './journal.js';

const HELP = `node dist/check.js --database file:…|postgres://… --blobs FOLDER [--journal FILE] [--log FILE]… [--patience SECONDS] [--url URL --key KEY]

Holds a server's data to every promise of docs/reliability.md. It knows the wire, the database and the blob folder, and
none of the server's code. Prints each violation as a sentence and exits with 1; exits with 0 when there is none.

  --database  what the server has as DATABASE_URL
  --blobs     the folder that the server has as STORAGE_URL
  --journal   what the load was told, one line of JSON each
  --log       the server's output
  --patience  seconds that an experiment with jobs to do may stand still after the last fault (10)
  --url       a running server on this data, with --key: what it tells is compared, and a clean-up may finish first
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      database: { type: 'string' },
      blobs: { type: 'string' },
      journal: { type: 'string' },
      log: { type: 'string', multiple: true },
      patience: { type: 'string', default: '10' },
      url: { type: 'string' },
      key: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || !values.database || !values.blobs) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const journal = values.journal ? await readJournal(values.journal) : [];
  const wire = values.url && values.key ? { url: values.url, key: values.key } : undefined;
  const read = await readDatabase(values.database).catch((error: unknown) => (error as Error).message);
  if (typeof read === 'string') {
    process.stdout.write(`- The database cannot be read: ${read}.\n`);
    return 1;
  }
  const evidence = toEvidence(read, { journal, blobs: values.blobs, logs: values.log ?? [], wire, patienceMs: Number(values.patience) * 1000 });
  const violations = await findViolations(evidence);
  for (const sentence of violations) process.stdout.write(`- ${sentence}\n`);
  const { tables } = evidence;
  const completed = tables.Job.filter(({ status }) => status === 'COMPLETED').length;
  process.stdout.write(
    `${violations.length} violations in ${tables.Experiment.length} experiments, ${tables.Job.length} jobs (${completed} completed), ${tables.JobUpdate.length} updates, ${tables.Event.length} events and ${journal.length} lines of journal.\n`,
  );
  return violations.length === 0 ? 0 : 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${String((error as Error).stack)}\n`);
    process.exitCode = 3;
  },
);
