import { rm } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../time/system-clock.js';
import { backupsIn } from './backup-folder.js';
import { counted, megabytes } from './figures.js';
import { printProgress } from './progress.js';
import { runProgram } from './run-program.js';
import { takeBackup } from './take-backup.js';

const HELP = `npm run backup -- --to FOLDER [--keep N]

Takes a backup into a new folder below FOLDER, named by the time, while the server runs or not. Run it with the settings that the
server has (DATA_DIR, DATABASE_URL, STORAGE_URL, SECRET_KEY). Models that the last backup there has are not copied again.

  --to FOLDER    where the backups are; keep it as private as the server's data, as the secret is in it
  --keep N       remove the oldest, so that N are left
  --help         this text

With PostgreSQL it needs pg_dump in PATH, no older than the server. docs/settings.md says more.`;

await runProgram({
  help: HELP,
  options: ['to', 'keep'],
  async run(config, { to, keep }, usage) {
    if (!to) return usage('Say where to: --to FOLDER.');
    if (keep !== undefined && !/^[1-9]\d{0,4}$/.test(keep)) return usage('--keep must be a whole number from 1 to 99999.');
    const folder = path.resolve(to);
    const taken = await takeBackup(config, systemClock, folder, printProgress('Backing up', console.error));
    for (const sentence of taken.lost) console.error(`Not in the backup, as it was deleted meanwhile or the server has lost it: ${sentence}`);
    console.log(`${taken.folder} has ${counted(taken.blobs, 'model')} of ${megabytes(taken.bytes)}, of which ${megabytes(taken.copied)} were copied.`);
    // What an earlier one still has may be wanted then.
    if (taken.lost.length > 0) return 1;
    const { whole } = await backupsIn(folder);
    for (const name of keep === undefined ? [] : whole.slice(0, -Number(keep))) {
      await rm(path.join(folder, name), { recursive: true });
      console.log(`Removed ${name}.`);
    }
    return 0;
  },
});
