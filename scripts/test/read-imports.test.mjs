import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImports, readsOfEnvironment } from '../house/read/read-imports.mjs';

const ways = [
  [`import x from 'm';`, false],
  [`import x, { y } from "m"`, false],
  [`import * as x from 'm';`, false],
  [`import {\n  a,\n  type B,\n} from 'm';`, false],
  [`import 'm';`, false],
  [`export * from 'm';`, false],
  [`export * as x from 'm';`, false],
  [`export { a as b } from 'm';`, false],
  [`const x = await import('m');`, false],
  [`const x = require('m');`, false],
  [`import type from 'm';`, false],
  [`import type { A } from 'm';`, true],
  [`import type A from 'm';`, true],
  [`export type { A } from 'm';`, true],
  [`type A = typeof import('m');`, true],
];

for (const [source, typeOnly] of ways) {
  test(`reads ${JSON.stringify(source)}`, () => {
    assert.deepEqual(readImports(source), [{ specifier: 'm', line: 1, typeOnly }]);
  });
}

const noImports = [
  `// import 'm';`,
  `/* import 'm';\n * import x from 'm' */`,
  `const text = "import 'm'";`,
  `const text = 'it\\'s'; // import 'm'`,
  'const text = `\nimport x from "m";\n`;',
  `const quote = /['"]/; // import 'm'`,
  `const comment = /\\/*x/; const text = "import('m')";`,
  `export const from = 'm';`,
  `export default 'm';`,
  `loader.import('m');`,
  `require.resolve('m');`,
];

for (const source of noImports) {
  test(`reads nothing from ${JSON.stringify(source)}`, () => {
    assert.deepEqual(readImports(source), []);
  });
}

test('finds what follows text that looks like the beginning of something else', () => {
  const source = [`const half = a / 2; const quote = /"/g;`, `import 'first';`, `const url = 'http://x'; /* ' */`, `import 'second';`].join('\n');
  assert.deepEqual(readImports(source).map(({ specifier, line }) => `${line} ${specifier}`), ['2 first', '4 second']);
});

test('finds where a file takes hold of its environment', () => {
  const source = [`process.env.HOME`, `process?.env`, `globalThis.process.env`, `process['env']`, `// process.env`, `import { env } from 'node:process';`, `ctx.process.env`];
  assert.deepEqual(readsOfEnvironment(source.join('\n')), [1, 2, 3, 4, 6]);
});
