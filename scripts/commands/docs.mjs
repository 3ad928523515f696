import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { printedPages } from '../print/printed-pages.mjs';
import { build } from '../process/turbo.mjs';
import { install } from '../setup/install.mjs';
import { root } from '../setup/workspace.mjs';

/** Prints into the docs what is data in the code. `npm run lint` fails where that was forgotten. */
export default async function docsCommand() {
  if (!(await install()) || !(await build())) return 1;
  for (const { file, should } of await printedPages(root)) writeFileSync(path.join(root, file), should);
  return 0;
}
