// Who may import whom. check-imports.mjs holds every file of the workspace to these tables.

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
  '@vergeai/worker':   { workspace: ['@vergeai/sdk', '@vergeai/domain'], outside: 'declared', node: true },
  '@vergeai/python':   { workspace: [], outside: [], node: true },
  '@vergeai/api':      { workspace: ['@vergeai/contract', '@vergeai/domain', '@vergeai/db'], outside: 'declared', node: true },
  '@vergeai/bench':    { workspace: [], outside: 'declared', node: true },
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
    { name: 'main',     files: /^main\.ts$/,                     may: ['app', 'context', 'tasks', 'handlers', 'config', 'ground'], asType: [] },
    { name: 'app',      files: /^app\.ts$/,                      may: ['http', 'routes', 'ground'], asType: ['context', 'config', 'tasks'] },
    { name: 'context',  files: /^([\w-]+-)?context\.ts$/,        may: ['config', 'storage', 'tasks', 'ground'], asType: [] },
    { name: 'config',   files: /^config([./-].*)?\.ts$/,         may: ['ground'], asType: [] },
    { name: 'routes',   files: /^features\/(index|.+\/routes)\.ts$/, may: ['features', 'http', 'ground'], asType: ['context'] },
    { name: 'http',     files: /^http\//,                        may: ['features', 'ground'], asType: ['context', 'config', 'storage'] },
    { name: 'features', files: /^features\//,                    may: ['ground'], asType: ['context', 'storage', 'tasks'] },
    { name: 'handlers', files: /^tasks\/handlers\.ts$/,          may: ['features', 'tasks', 'ground'], asType: ['context'] },
    { name: 'tasks',    files: /^tasks\//,                       may: ['ground'], asType: ['context', 'config'] },
    { name: 'storage',  files: /^storage\//,                     may: ['ground'], asType: ['context', 'config'] },
    // What all others stand on: refusals, the log, keys, events and the like.
    { name: 'ground',   files: /./,                              may: ['config'], asType: ['context', 'storage', 'tasks'] },
  ],

  /** Packages that only some parts may know. */
  reserved: [{ packages: ['express', '@ts-rest/core', '@ts-rest/express'], parts: ['app', 'http', 'routes'] }],

  /** The parts that may touch process.env: main hands it to config, which reads it. */
  environment: ['config', 'main'],
};
