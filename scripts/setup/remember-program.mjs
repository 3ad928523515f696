// Run by npx beside a package: leaves the place of a file of that package in another file.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATH } from './environment.mjs';

const [packageName, name, memo] = process.argv.slice(2);
// What npx has installed comes first on the PATH.
const folders = (process.env[PATH] ?? '').split(path.delimiter).filter((folder) => folder.endsWith(path.join('node_modules', '.bin')));
const place = folders.map((folder) => path.join(folder, '..', packageName, name)).find((file) => existsSync(file));
if (place) writeFileSync(memo, place);
else {
  console.error(`npx has no ${name} of ${packageName}.`);
  process.exitCode = 1;
}
