import path from 'node:path';
import { systemClock } from '../time/system-clock.js';
import { printProgress } from './progress.js';
import { restoreBackup } from './restore-backup.js';
import { runProgram } from './run-program.js';

const HELP = `npm run restore -- --from FOLDER

Puts a backup where the settings say (DATA_DIR, DATABASE_URL, STORAGE_URL), which has to be empty, and checks every model of it. The server
must not run there. Then start it.

  --from FOLDER  the backup, such as backups/2026-01-31T12-00-00.000Z
  --help         this text

With PostgreSQL it needs pg_restore in PATH, no older than the server. docs/settings.md says more.`;

await runProgram({
  help: HELP,
  options: ['from'],
  async run(config, { from }, usage) {
    if (!from) return usage('Say which one: --from FOLDER.');
    const { taken_at, blobs } = await restoreBackup(config, systemClock, path.resolve(from), printProgress('Restoring', console.error));
    console.log(`Restored as of ${taken_at}, ${blobs.toLocaleString('en')} models, all as they were stored. Start the server.`);
    return 0;
  },
});
