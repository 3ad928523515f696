import path from 'node:path';
import { readResult } from './read-result.mjs';
import { inWords } from './summary.mjs';

const LOOK_EVERY_MS = 500;

/**
 * Prints a line for each suite as soon as its results are there.
 * @param {string[]} dirs folders of the suites, relative to `root`
 * @returns {() => ReturnType<typeof readResult>[]} to call when all have ended: prints the rest and returns all results
 */
export function watchResults(root, dirs) {
  const results = new Map();
  const print = (dir, result) => {
    results.set(dir, result);
    console.log(`  ${dir}: ${inWords(result)}${result.problem === undefined ? '' : ` (${result.problem})`}`);
  };
  const waiting = () => dirs.filter((dir) => !results.has(dir));

  const timer = setInterval(() => {
    for (const dir of waiting()) {
      const result = readResult(path.join(root, dir));
      // A problem may only mean that the file is not written yet.
      if (result.problem === undefined) print(dir, result);
    }
  }, LOOK_EVERY_MS);

  return () => {
    clearInterval(timer);
    for (const dir of waiting()) print(dir, readResult(path.join(root, dir)));
    return [...results.values()];
  };
}
