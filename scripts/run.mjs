// `npm start`, `npm test`, `npm run build|lint|docs|pack|demo|simulate|verge|backup|restore|copy-models|bench|soak`: on a fresh clone these need Node and npm, nothing else.
import { isNewEnough, refuseOldNode } from './setup/node-version.mjs';

refuseOldNode();

// Loaded after the check, because an old Node may not even parse the rest.
const name = process.argv[2];
const commands = ['start', 'test', 'build', 'lint', 'docs', 'pack', 'demo', 'simulate', 'verge', 'backup', 'restore', 'copy-models', 'bench', 'soak'];
if (commands.includes(name)) {
  void import(isNewEnough ? `./commands/${name}.mjs` : './process/run-under-newer-node.mjs')
    .then(({ default: command }) => command())
    .then((code) => (process.exitCode = code));
} else {
  console.error(`Use: node scripts/run.mjs ${commands.join('|')}`);
  process.exitCode = 2;
}
