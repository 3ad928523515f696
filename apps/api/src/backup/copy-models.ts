import { readConfig } from '../config.js';
import { settingsFromFiles } from '../start/settings-from-files.js';
import { systemClock } from '../time/system-clock.js';
import { copyToStorage } from './copy-to-storage.js';
import { counted, megabytes } from './figures.js';
import { printProgress } from './progress.js';
import { runProgram } from './run-program.js';

const HELP = `npm run copy-models -- --to URL [--endpoint URL] [--region NAME] [--path-style] [--check]

Copies all models from where the settings say (STORAGE_URL) to another storage, while the server runs or not. Run it with the settings that
the server has (DATA_DIR, DATABASE_URL, STORAGE_URL). What is there already is not copied again, so it may be broken off and run again.
To move: copy, stop the server, copy what came meanwhile, and start it with the other STORAGE_URL. Nothing is deleted where they were.

  --to URL        s3://bucket/prefix, or file: and a folder
  --endpoint URL  of that S3 store, as S3_ENDPOINT
  --region NAME   of that bucket, as S3_REGION
  --path-style    as S3_PATH_STYLE=1
  --check         read what is there already, and copy again what is not as it was stored
  --help          this text

docs/settings.md says more.`;

await runProgram({
  help: HELP,
  options: ['to', 'endpoint', 'region'],
  flags: ['path-style', 'check'],
  async run(config, { to, endpoint, region, 'path-style': pathStyle, check = false }, usage) {
    if (!to) return usage('Say where to: --to s3://bucket/prefix, or --to file:FOLDER.');
    const there = { STORAGE_URL: to, S3_ENDPOINT: endpoint, S3_REGION: region, S3_PATH_STYLE: pathStyle ? '1' : undefined };
    const target = readConfig({ ...settingsFromFiles(process.env), ...there });
    const done = await copyToStorage(config, target, { clock: systemClock, check }, printProgress('Copying', console.error));
    for (const sentence of done.lost) console.error(`Not copied, as it was deleted meanwhile or the server has lost it: ${sentence}`);
    console.log(`${to} has ${counted(done.blobs, 'model')} of ${megabytes(done.bytes)}, of which ${megabytes(done.copied)} were copied now.`);
    return done.lost.length > 0 ? 1 : 0;
  },
});
