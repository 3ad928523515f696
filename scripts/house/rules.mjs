// The rules of the house: who may import whom, and what may stand where. check-house.mjs holds the workspace to these tables.

/**
 * What the shipped code of each package (src, without tests) may import.
 *
 * workspace  other packages of this workspace, or one entry of a package
 * outside    packages from the registry: a list, or 'declared' for whatever its package.json has under dependencies
 * bundled    what it ships is a bundle, which has all that it imports in it: its package.json has that under devDependencies
 * node       whether it may import Node's own modules; a package that also runs in browsers may know their types only
 */
export const packages = {
  '@vergeai/domain':   { workspace: [], outside: [], node: false },
  '@vergeai/contract': { workspace: ['@vergeai/domain/exact-json'], outside: ['zod', '@ts-rest/core'], node: false },
  '@vergeai/db':       { workspace: [], outside: 'declared', node: true },
  '@vergeai/testkit':  { workspace: [], outside: 'declared', node: true },
  // The contract is where src/generated comes from, and is not shipped.
  '@vergeai/sdk':      { workspace: ['@vergeai/domain/exact-json', '@vergeai/domain/media-types'], outside: [], node: 'types' },
  '@vergeai/worker':   { workspace: ['@vergeai/sdk', '@vergeai/domain'], outside: 'declared', node: false },
  '@vergeai/python':   { workspace: [], outside: [], node: true },
  '@vergeai/api':      { workspace: ['@vergeai/contract', '@vergeai/domain', '@vergeai/db'], outside: 'declared', node: true },
  '@vergeai/bench':    { workspace: [], outside: 'declared', node: true },
  '@vergeai/demo':     { workspace: ['@vergeai/sdk', '@vergeai/worker'], outside: 'declared', node: true },
  // It knows the wire and none of the server's code.
  '@vergeai/soak':     { workspace: ['@vergeai/contract', '@vergeai/testkit'], outside: 'declared', node: true },
  '@vergeai/web':      { workspace: ['@vergeai/sdk', '@vergeai/worker'], outside: 'declared', node: false },
  '@vergeai/cli':      { workspace: ['@vergeai/sdk', '@vergeai/worker'], outside: 'declared', node: true, bundled: true },
};

/** For every package below examples/: what a user could write. */
export const examples = { workspace: ['@vergeai/sdk', '@vergeai/worker'], outside: 'declared', node: true };

/** What stands side by side to be chosen from: what it is called, its files, and the file of the same package that imports each of them. */
export const choices = [
  { what: 'strategy', files: /^packages\/domain\/src\/aggregation\/strategies\/(?!strategies\.ts$)[\w-]+\.ts$/, chosenIn: 'packages/domain/src/aggregation/strategies/strategies.ts' },
  { what: 'storage', files: /^apps\/api\/src\/storage\/[\w-]+-blob-store\.ts$/, chosenIn: 'apps/api/src/start/open-context.ts' },
];

export const api = {
  src: 'apps/api/src',

  /**
   * The rooms of the server. A file belongs to the first one whose pattern fits, and to one it must belong: nothing
   * stands loose. A room may import itself and what is listed under `may`; an `import type` counts like any other.
   *
   * each  every folder is a room of its own, open to nobody but its own files
   */
  rooms: [
    { name: 'main',         files: /^main\.ts$/,                                may: ['app', 'config', 'open-context', 'start', 'upkeep', 'access', 'http', 'time'] },
    { name: 'app',          files: /^app\.ts$/,                                 may: ['context', 'routes', 'http', 'measuring', 'access'] },
    { name: 'config',       files: /^config\.ts$/,                              may: ['access'] },
    { name: 'context',      files: /^context\.ts$/,                             may: ['config', 'access', 'time', 'interfaces'] },
    { name: 'refusal',      files: /^refusal\.ts$/,                             may: [] },

    // The one place where the parts are put together: no other knows what stands behind an interface.
    { name: 'open-context', files: /^start\/open-context\.ts$/,                 may: ['context', 'config', 'start', 'access', 'models', 'storage', 'tasks', 'signals', 'time', 'interfaces'] },
    { name: 'start',        files: /^start\//,                                  may: ['context', 'config', 'writing', 'access', 'interfaces', 'refusal'] },
    // Programs of their own, which a server need not run for.
    { name: 'backup',       files: /^backup\//,                                 may: ['config', 'open-context', 'start', 'time', 'interfaces', 'refusal'] },
    { name: 'upkeep',       files: /^upkeep\//,                                 may: ['context', 'engine', 'writing', 'access', 'time', 'interfaces'] },

    { name: 'routes',       files: /^features\/(index|[\w-]+\/routes)\.ts$/,    may: ['context', 'features', 'http', 'models', 'interfaces', 'refusal'] },
    { name: 'features',     files: /^features\/[\w-]+\//, each: true,           may: ['context', 'engine', 'models', 'reading', 'writing', 'access', 'interfaces', 'refusal'] },
    { name: 'http',         files: /^http\//,                                   may: ['context', 'config', 'models', 'access', 'time', 'interfaces', 'refusal'] },
    { name: 'engine',       files: /^engine\//,                                 may: ['context', 'models', 'writing', 'access', 'interfaces', 'refusal'] },
    { name: 'reading',      files: /^reading\//,                                may: ['context', 'models', 'refusal'] },

    {
      // What other rooms may see of these, without what stands behind it.
      name: 'interfaces',
      files: /^(models\/(model-inspector|aggregate\/aggregator)|storage\/(blob-store|sync-folder|steady-sync|turns)|tasks\/task-queue|signals\/(signals|changed|wait-for-signal)|measuring\/meters)\.ts$/,
      may: ['time'],
    },
    { name: 'models',       files: /^models\//,                                 may: ['context', 'writing', 'access', 'interfaces', 'refusal'] },
    { name: 'writing',      files: /^writing\//,                                may: ['context', 'access', 'time', 'interfaces', 'refusal'] },
    { name: 'access',       files: /^access\//,                                 may: ['context', 'refusal'] },
    { name: 'storage',      files: /^storage\//,                                may: ['time', 'interfaces', 'refusal'] },
    { name: 'tasks',        files: /^tasks\//,                                  may: ['context', 'writing', 'time', 'interfaces'] },
    { name: 'signals',      files: /^signals\//,                                may: ['time', 'interfaces'] },
    { name: 'measuring',    files: /^measuring\//,                              may: ['context', 'time', 'interfaces'] },
    { name: 'time',         files: /^time\//,                                   may: [] },
  ],

  /** Packages that only some rooms may know. */
  reserved: [{ packages: ['express', '@ts-rest/core', '@ts-rest/express'], rooms: ['app', 'routes', 'http'] }],

  /** Where the paths of the operations are written, and the feature of each resource that these begin with. */
  contract: 'packages/contract/src',
  features: {
    auth: 'auth',
    user: 'users',
    project: 'projects',
    experiment: 'experiments',
    job: 'jobs',
    sweep: 'sweeps',
    device: 'devices',
    upload: 'transfers',
    download: 'transfers',
  },

  /** The words for how a job and a drawn device stand: they are written in packages/domain, and nowhere in the server. */
  statusWords: 'INITIALIZED IN_PROGRESS AGGREGATION_IN_PROGRESS COMPLETED CANCELLED FAILED DRAWN LEASED SUBMITTED REPLACED'.split(' '),

  /** The rooms that may touch process.env: main hands it to config, which reads it, and so do the programs of backup. */
  environment: ['config', 'main', 'backup'],
};
