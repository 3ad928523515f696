// Run by the Node that npx found: leaves its place in a file, if it is the version that was asked for.
import { writeFileSync } from 'node:fs';

const [version, file] = process.argv.slice(2);
if (process.versions.node === version) writeFileSync(file, process.execPath);
else {
  console.error(`npx found Node ${process.versions.node} (${process.execPath}).`);
  process.exitCode = 1;
}
