// Bundles src/main.ts with all that it needs into dist: the file that starts, and one for each command, loaded when it is asked for.
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const folder = fileURLToPath(new URL('..', import.meta.url));
const dist = `${folder}dist`;

const versionIn = (file) => JSON.stringify(JSON.parse(readFileSync(file, 'utf8')).version);

/** A file that is loaded when it is asked for is named as its source; what several share stands apart. */
const nameOf = ({ facadeModuleId }) => (facadeModuleId?.startsWith(`${folder}src/`) ? `${facadeModuleId.slice(`${folder}src/`.length).replace(/\.ts$/, '')}.js` : 'shared/[name].js');

/** What nearly every command needs is one file, and what shows help is another: a file more is time at each start. */
const groups = [
  { name: 'start', test: /node_modules\/commander\/|cli\/src\/(program\/(program|global-options|duration|command)|version|output\/streams)\.ts$/ },
  { name: 'request', test: /packages\/sdk\/|picocolors|cli\/src\/(context|output|config|names|hints|program)\// },
];

const bundle = await rolldown({
  cwd: folder,
  input: 'src/main.ts',
  platform: 'node',
  tsconfig: false,
  transform: {
    define: { CLI_VERSION: versionIn(`${folder}package.json`), SDK_VERSION: versionIn(`${folder}../../packages/sdk/package.json`) },
  },
  onLog(level, log, handle) {
    // What a bundler can't find is what a user would miss.
    handle(level === 'warn' ? 'error' : level, log);
  },
});
rmSync(dist, { recursive: true, force: true });
await bundle.write({
  dir: dist,
  format: 'esm',
  minify: true,
  sourcemap: true,
  entryFileNames: 'main.js',
  chunkFileNames: nameOf,
  codeSplitting: { groups },
});
chmodSync(`${dist}/main.js`, 0o755);
