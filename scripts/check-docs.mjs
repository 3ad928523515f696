// Holds what `npm run docs` prints to the code that it is printed from.
import { printedPages } from './print/printed-pages.mjs';
import { root } from './setup/workspace.mjs';

const wrong = (await printedPages(process.argv[2] ?? root)).filter(({ is, should }) => is !== should);
for (const { file } of wrong) console.log(`${file}: what is printed here is not what the code says any more. Run npm run docs.`);
process.exitCode = wrong.length === 0 ? 0 : 1;
