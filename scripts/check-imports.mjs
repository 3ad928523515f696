// Holds the whole workspace to "Who may import whom" (scripts/imports/rules.mjs).
import { checkApi } from './imports/check-api.mjs';
import { checkCycles } from './imports/check-cycles.mjs';
import { checkPackages } from './imports/check-packages.mjs';
import * as rules from './imports/rules.mjs';
import { readWorkspace } from './imports/source-files.mjs';
import { root } from './setup/workspace.mjs';

const workspace = readWorkspace(process.argv[2] ?? root);
const violations = [...checkPackages(workspace, rules), ...checkApi(workspace, rules), ...checkCycles(workspace)];
for (const { file, line, sentence } of violations) console.log(`${file}:${line}: ${sentence}`);
process.exitCode = violations.length === 0 ? 0 : 1;
