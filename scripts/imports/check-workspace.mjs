import { checkApi } from './check-api.mjs';
import { checkCycles } from './check-cycles.mjs';
import { checkPackages } from './check-packages.mjs';
import * as rules from './rules.mjs';
import { readWorkspace } from './source-files.mjs';

/** Every import that breaks the rules, as `file:line: sentence`. */
export function checkWorkspace(root) {
  const workspace = readWorkspace(root);
  return [...checkPackages(workspace, rules), ...checkApi(workspace, rules), ...checkCycles(workspace)].map(
    ({ file, line, sentence }) => `${file}:${line}: ${sentence}`,
  );
}
