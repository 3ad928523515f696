// Who may import whom. check-house.mjs holds every file of the workspace to these tables.

/**
 * What the shipped code of each package (src, without tests) may import.
 *
 * workspace  other packages of this workspace
 * outside    packages from the registry: a list, or 'declared' for whatever its package.json has under dependencies
 * node       whether it may import Node's own modules; a package that also runs in browsers may know their types only
 */
export const packages = {
  '@vergeai/domain':   { workspace: [], outside: [], node: false },
  '@vergeai/contract': { workspace: [], outside: ['zod', '@ts-rest/core'], node: false },
  '@vergeai/db':       { workspace: [], outside: 'declared', node: true },
  '@vergeai/testkit':  { workspace: [], outside: 'declared', node: true },
  '@vergeai/sdk':      { workspace: ['@vergeai/contract'], outside: ['zod', '@ts-rest/core'], node: 'types' },
  '@vergeai/worker':   { workspace: ['@vergeai/sdk', '@vergeai/domain'], outside: 'declared', node: false },
  '@vergeai/python':   { workspace: [], outside: [], node: true },
  '@vergeai/api':      { workspace: ['@vergeai/contract', '@vergeai/domain', '@vergeai/db'], outside: 'declared', node: true },
  '@vergeai/bench':    { workspace: [], outside: 'declared', node: true },
  '@vergeai/demo':     { workspace: ['@vergeai/sdk', '@vergeai/worker'], outside: 'declared', node: true },
  '@vergeai/soak':     { workspace: ['@vergeai/testkit'], outside: 'declared', node: true },
  '@vergeai/web':      { workspace: ['@vergeai/sdk'], outside: 'declared', node: false },
  '@vergeai/cli':      { workspace: ['@vergeai/sdk', '@vergeai/worker'], outside: 'declared', node: true },
};

/** For every package below examples/: what a user could write. */
export const examples = { workspace: ['@vergeai/sdk', '@vergeai/worker'], outside: 'declared', node: true };

export const api = {
  src: 'apps/api/src',

  /**
   * The parts of the server; a file belongs to the first one whose pattern fits.
   * A part may import itself, what stands under `may`, and by `import type` also what stands under `asType`.
   */
  parts: [
    { name: 'main',        asType: [],                     may: ['app', 'background', 'context', 'config', 'http', 'ground'],             files: /^main\.ts$/ },
    { name: 'app',         asType: ['context', 'config'],  may: ['http', 'routes', 'interfaces', 'ground'],                               files: /^app\.ts$/ },
    { name: 'background',  asType: ['context'],            may: ['handlers', 'features', 'interfaces', 'ground'],                         files: /^background\.ts$/ },
    { name: 'context',     asType: [],                     may: ['config', 'storage', 'tasks', 'signals', 'interfaces', 'ground'],        files: /^([\w-]+-)?context\.ts$/ },
    { name: 'config',      asType: [],                     may: ['ground'],                                                               files: /^config([./-].*)?\.ts$/ },
    { name: 'routes',      asType: ['context'],            may: ['features', 'http', 'interfaces', 'ground'],                             files: /^features\/(index|.+\/routes)\.ts$/ },
    { name: 'http',        asType: ['context', 'config'],  may: ['features', 'interfaces', 'ground'],                                     files: /^http\// },
    { name: 'features',    asType: ['context'],            may: ['interfaces', 'ground'],                                                 files: /^features\// },
    { name: 'handlers',    asType: ['context'],            may: ['features', 'interfaces', 'ground'],                                     files: /^tasks\/handlers\.ts$/ },
    // What a feature sees of the outside world. Only the context knows which implementation stands behind.
    { name: 'interfaces',  asType: ['context'],            may: ['ground'],                                                               files: /^(storage\/blob-store|tasks\/task-queue|signals\/signals)\.ts$/ },
    { name: 'storage',     asType: ['context', 'config'],  may: ['interfaces', 'ground'],                                                 files: /^storage\// },
    { name: 'tasks',       asType: ['context', 'config'],  may: ['interfaces', 'ground'],                                                 files: /^tasks\// },
    { name: 'signals',     asType: ['context', 'config'],  may: ['interfaces', 'ground'],                                                 files: /^signals\// },
    // What all others stand on: refusals, the log, keys, events and the like.
    { name: 'ground',      asType: ['context'],            may: ['config', 'interfaces'],                                                 files: /./ },
  ],

  /** Packages that only some parts may know. */
  reserved: [{ packages: ['express', '@ts-rest/core', '@ts-rest/express'], parts: ['app', 'http', 'routes'] }],

  /** The parts that may touch process.env: main hands it to config, which reads it. */
  environment: ['config', 'main'],
};
