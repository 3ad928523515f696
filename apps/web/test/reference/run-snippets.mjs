// Runs each snippet that comes as a line of JSON in this one process, and prints what it printed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Where the packages are found that a snippet imports.
const folder = mkdtempSync(fileURLToPath(new URL('../../node_modules/.snippets-', import.meta.url)));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const print = console.log;
let count = 0;

for await (const line of createInterface(process.stdin)) {
  const { code, key } = JSON.parse(line);
  process.env.VERGEAI_API_KEY = key;
  const file = path.join(folder, `${count++}.mjs`);
  writeFileSync(file, code);
  let said;
  console.log = (...given) => (said = given);
  try {
    await import(pathToFileURL(file).href);
    print(JSON.stringify({ status: said[0], body: said[1], said: String(said) }));
  } catch (error) {
    print(JSON.stringify({ refused: error.code ?? String(error) }));
  }
}
